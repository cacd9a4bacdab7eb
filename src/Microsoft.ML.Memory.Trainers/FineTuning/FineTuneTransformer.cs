// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(FineTuneTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Fine-tuned backbone",
    FineTuneTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>Classifies images or texts with a tuned backbone: columns PredictedLabel, Score and, if asked, features.
/// </summary>
/// <remarks>
/// <para>Score holds the softmax of the head. Rows in a block and rows scored alone agree to about 1e-6, since matrix
/// products of other sizes add in another order.</para>
/// <para>Thread-safe. Dispose of it to free native memory; the backbone it was trained on stays the caller's, one that
/// was loaded with the model goes with it.</para>
/// </remarks>
public sealed class FineTuneTransformer : MemoryClassifierTransformer<FineTunedModel>, IDisposable
{
    internal const string LoaderSignature = "FineTune";

    private const string ModelSignature = "FINETUNE";

    internal FineTuneTransformer(
        IHostEnvironment environment, FineTuneOptions options, FineTunedModel model, ClassTable classes)
        : base(environment, model, classes, options.FeatureColumnName, model.Input.RowLength, model.Input.ColumnType)
    {
        Options = options;
    }

    /// <summary>The settings of the trainer or of the <see cref="AdapterSet"/> that made this.</summary>
    public FineTuneOptions Options { get; }

    /// <summary>Frees the native memory of the model.</summary>
    public void Dispose() => Model.Dispose();

    /// <summary>Gives the same classifier on a backbone that is loaded already, so that many can share one.</summary>
    /// <remarks>Copies what was trained and nothing else; takes microseconds to switch between such classifiers, since
    /// none of them holds a backbone.</remarks>
    /// <param name="backbone">A backbone with the same weights; it must outlive the result.</param>
    /// <returns>A transformer, which the caller disposes of; it needs this one no longer.</returns>
    /// <exception cref="ArgumentException">The backbone has other weights, sizes or another pooling.</exception>
    /// <exception cref="InvalidOperationException">This is a transformer of an <see cref="AdapterSet"/>.</exception>
    public FineTuneTransformer On(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        Model.RequireAlive();
        backbone.RequireAlive();
        RequireOwn("moved", "Make an AdapterSet on the other backbone");
        if (backbone.Hash != Model.Backbone.Hash)
        {
            throw new ArgumentException($"backbone must be the one of hash {Model.Backbone.Hash} that was trained on. "
                + $"Got {backbone.Hash}.", nameof(backbone));
        }

        if (!backbone.RunsAs(Model.Backbone))
        {
            throw new ArgumentException("backbone must have the sizes and the pooling of the one that was trained on, "
                + $"{Model.Backbone.Trunk.Pooling}. Got {backbone.Trunk.Pooling}, or other sizes.", nameof(backbone));
        }

        return new FineTuneTransformer(Environment, Options, Model.On(backbone, Options), Classes);
    }

    internal override DataViewSchema.Column FindFeatures(DataViewSchema input) =>
        Model.Input.Find(input, FeatureColumnName);

    internal override IRowReader CreateReader(DataViewRow input, DataViewSchema.Column features) =>
        Model.Input.CreateReader(input, features);

    internal override BlockClassifier CreateClassifier(int threadCount) =>
        new FineTuneClassifier(Model, Options.OutputFeatureColumnName is not null);

    internal override List<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema input)
    {
        List<DataViewSchema.DetachedColumn> columns = base.CreateColumns(input);
        if (Options.OutputFeatureColumnName is { } name)
        {
            var type = new VectorDataViewType(NumberDataViewType.Single, Model.FeatureSize);
            columns.Add(new DataViewSchema.DetachedColumn(name, type));
        }

        return columns;
    }

    private protected override void Save(ModelSaveContext context)
    {
        Model.RequireAlive();
        RequireOwn("saved", "Save its adapters with LoraAdapter.Save, or the classifiers they came from");
        ModelStream.Save(
            context, ModelSignature, LoaderSignature, stream => FineTuneFile.Write(stream, this), OwnAssembly);
    }

    private void RequireOwn(string verb, string remedy)
    {
        if (Model.Tuned.Tensors.Count > 0) return;
        throw new InvalidOperationException(
            $"A transformer must have been trained or loaded to be {verb}. Got one of an AdapterSet. {remedy}.");
    }

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx) =>
        ModelStream.Load(
            ctx, ModelSignature, LoaderSignature, stream => FineTuneFile.Read(stream, env), OwnAssembly);

    private static Assembly OwnAssembly => typeof(FineTuneTransformer).Assembly;
}
