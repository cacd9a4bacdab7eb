// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Adapts a frozen backbone to the classes of labelled images or texts, with a fraction of the
/// memory.</summary>
/// <remarks>
/// <para>The method is the type of the options: <see cref="LoraOptions"/> and its siblings.</para>
/// <para>Data is streamed: what exceeds 1 GiB is read once an epoch. The backbone's weights are never changed.</para>
/// <para>Runs on the GPU that <c>MLContext.GpuDeviceId</c> names, else where the backbone is.</para>
/// </remarks>
public sealed class FineTuneTrainer : MemoryClassifierTrainer<FineTuneTransformer, FineTunedModel>
{
    private readonly Backbone _backbone;

    internal FineTuneTrainer(IHostEnvironment environment, Backbone backbone, FineTuneOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        backbone.RequireAlive();
        _backbone = backbone;
        Options = options;
    }

    /// <summary>The method and its settings.</summary>
    public FineTuneOptions Options { get; }

    private protected override string LabelColumnName => Options.LabelColumnName;

    private protected override string FeatureColumnName => Options.FeatureColumnName;

    private protected override void CheckFeatures(SchemaShape input) =>
        BackboneInputs.Of(_backbone, Options).Check(input, FeatureColumnName);

    private protected override int DimensionOf(DataViewSchema input)
    {
        BackboneInput wanted = BackboneInputs.Of(_backbone, Options);
        wanted.Find(input, FeatureColumnName);
        return wanted.RowLength;
    }

    private protected override SchemaShape Shape(SchemaShape input, SchemaShape.Column label)
    {
        SchemaShape shape = base.Shape(input, label);
        return Options.OutputFeatureColumnName is not { } name ? shape : new SchemaShape(
        [
            .. shape.Where(c => c.Name != name),
            HostAccess.ShapeColumn(
                name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false),
        ]);
    }

    private protected override FineTuneTransformer Learn(
        IDataView input, DataViewSchema.Column label, int dimension, IChannel channel)
    {
        _backbone.RequireAlive();
        TrainingPaths.Require(Options);
        Backbone backbone = BackboneDevices.Chosen(_backbone, Environment, channel);
        BackboneInput reader = BackboneInputs.Of(_backbone, Options);
        var random = new SeededRandom(Options.Seed);
        // Before any row is read, since it may not fit the backbone.
        Tuning tuning = Options.CreateTrained(backbone, random);
        TunedModel? model = null;
        try
        {
            var split = new RowSplit(Options.ValidationFraction, Options.Seed);
            ExampleSource examples = ExampleSource.Open(
                input, label, FeatureColumnName, reader, split, channel, token: Options.CancellationToken);
            CheckRows(examples, channel);

            model = new TunedModel(backbone, tuning, examples.Classes.Count, random, Options.TrunkPrecision);
            var log = new TrainingLog(channel);
            log.Started(model, examples);
            FineTuneReport report = TrainingRun.Run(model, examples, reader, Options, log);
            FineTuneOptions fitted = Options.Fitted;
            if (fitted != Options || tuning.Selection is not null)
            {
                using TunedModel trained = model;
                model = trained.On(backbone, fitted);
            }

            var tuned = new FineTunedModel(model, reader, report, owned: null);
            return new FineTuneTransformer(Environment, fitted, tuned, examples.Classes);
        }
        catch
        {
            tuning.Dispose();
            model?.Dispose();
            throw;
        }
    }

    private void CheckRows(ExampleSource examples, IChannel channel)
    {
        RequireLabelledRow((int)Math.Min(examples.Count, int.MaxValue));
        double fraction = Options.ValidationFraction;
        string share = fraction.ToString(CultureInfo.InvariantCulture);
        if (examples.TrainCount == 0)
        {
            throw new InvalidOperationException($"FineTuneOptions.ValidationFraction must leave a row to train on. "
                + $"Got {share} of {examples.Count} rows. Lower it, or take more rows.");
        }

        if (fraction > 0 && examples.HeldOutCount == 0)
        {
            channel.Warning(MessageSensitivity.None, "FineTuneOptions.ValidationFraction should hold a row out. Got "
                + $"{share} of {examples.Count} rows. The last epoch is kept.");
        }

        if (examples.Classes.Count == 1)
        {
            channel.Warning(MessageSensitivity.None,
                "FineTuneTrainer should see at least two classes. Got 1. Every prediction is that class.");
        }

        if (examples.UntrainedClass is { } untrained)
        {
            channel.Warning(MessageSensitivity.Schema, "FineTuneTrainer should see a row of every class to train on. "
                + $"Got none of '{examples.Classes.NameOf(untrained)}'. It will hardly be predicted.");
        }
    }
}
