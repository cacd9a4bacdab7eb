// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Memory;

/// <summary>Trains a classifier that goes on learning while it predicts: AdaNPC test-time adaptation.</summary>
/// <remarks>
/// <para>Stores every labelled row. The fitted transformer predicts each row of a stream by its nearest entries and
/// remembers it with the predicted label where the confidence reaches the threshold.</para>
/// <para>Cost of <see cref="Fit"/>: one pass over the data; memory n·d floats. The data is read in its order.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Zhang, Wang, Jin, Yuan, Zhang, Wang, Jin, Tan, ICML 2023, arXiv 2304.12566.</para>
/// <para>Differs from the paper: see docs/methods/adanpc.md.</para>
/// </remarks>
public sealed class AdaNpcTrainer : ITrainerEstimator<AdaNpcTransformer, AdaptiveState>
{
    private readonly IHostEnvironment _environment;

    /// <summary>Checks and keeps the options.</summary>
    internal AdaNpcTrainer(IHostEnvironment environment, AdaNpcOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        _environment = environment;
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public AdaNpcOptions Options { get; }

    /// <summary>Says that the trainer needs neither normalised nor cached data: it reads it once.</summary>
    public TrainerInfo Info { get; } = HostAccess.TrainerInfo();

    /// <summary>Stores every labelled row of <paramref name="input"/> as a source entry.</summary>
    /// <param name="input">
    /// The training data; rows whose label is missing are skipped, and a warning says how many.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, an id is repeated, or the capacity is below the number of entries or
    /// of classes.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No row is labelled, a feature is not a finite number (the message names the row), or a row's vector has another
    /// length than its column says.
    /// </exception>
    public AdaNpcTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);

        DataViewSchema.Column label = Columns.Key(input.Schema, Options.LabelColumnName);
        DataViewSchema.Column features = Columns.Features(input.Schema, Options.FeatureColumnName);
        using IChannel channel = _environment.Register(nameof(AdaNpcTrainer)).Start("Fit");
        var bank = new MemoryBank(((VectorDataViewType)features.Type).Size);
        ClassTable classes = ExampleImport.Into(bank, input, Options.Columns, label, known: null, channel);
        if (bank.Count == 0)
        {
            throw new InvalidOperationException(
                "AdaNpcTrainer.Fit must see at least one row with a label. Got none. "
                + $"Check the data and that column '{Options.LabelColumnName}' is mapped to keys.");
        }

        WarnOfIdleAdaptation(channel, classes.Count);
        AdaptiveState start = AdaptiveState.Start(bank.Snapshot(), classes.Count, Options.Seed);
        return new AdaNpcTransformer(_environment, Options, start, classes);
    }

    /// <summary>Gives the shape of the data that a fitted transformer will produce.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);

        SchemaShape.Column label = Columns.CheckKey(inputSchema, Options.LabelColumnName);
        Columns.CheckFeatures(inputSchema, Options.FeatureColumnName);
        SchemaShape shape = ClassifierColumns.Shape(inputSchema, label, Options.NeighborColumns);
        return Options.ConfidenceColumnName is not { } confidence
            ? shape
            : new SchemaShape(
            [
                .. shape.Where(column => column.Name != confidence),
                HostAccess.ShapeColumn(
                    confidence, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false),
            ]);
    }

    /// <summary>Says so where no prediction can ever be sure enough to be remembered.</summary>
    private void WarnOfIdleAdaptation(IChannel channel, int classCount)
    {
        double largest = Options.ConfidenceKind == ConfidenceKind.VoteProbability
            ? 1
            : Math.E / (Math.E + classCount - 1);
        if (Options.ConfidenceThreshold <= largest) return;
        channel.Warning(
            MessageSensitivity.None,
            $"AdaNpcOptions.ConfidenceThreshold should be at most {largest:R}, the largest confidence with "
            + $"{classCount} classes. Got {Options.ConfidenceThreshold:R}. No row will ever be remembered.");
    }
}
