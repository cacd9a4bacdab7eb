// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(KeyValueBottleneckTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Discrete key-value bottleneck",
    KeyValueBottleneckTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>A discrete key-value bottleneck: frozen keys pick values, and only the values picked ever learn.</summary>
/// <remarks>
/// <para>Adds <c>PredictedLabel</c> (key) and <c>Score</c> [c] (sums to 1). A row with a NaN or infinite feature has no
/// prediction: its label is missing and its scores are the shares of the classes among the rows that were
/// learned.</para>
/// <para>Immutable: <see cref="ContinueFit"/> gives a new transformer that shares the keys. Safe for concurrent
/// use.</para>
/// <para>Source: Träuble et al., ICML 2023, arXiv 2207.11240.</para>
/// </remarks>
public sealed class KeyValueBottleneckTransformer : MemoryClassifierTransformer<KeyValueBottleneck>
{
    internal const string LoaderSignature = "KeyValueBottleneck";

    private const string ModelSignature = "KVBOTTLE";

    internal KeyValueBottleneckTransformer(
        IHostEnvironment environment, KeyValueBottleneckOptions options, KeyValueBottleneck model, ClassTable classes)
        : base(environment, model, classes, options.FeatureColumnName, model.Dimension)
        => Options = options;

    /// <summary>The settings of the trainer that made this bottleneck.</summary>
    public KeyValueBottleneckOptions Options { get; }

    /// <inheritdoc/>
    public override string? EncoderFingerprint => Options.EncoderFingerprint;

    internal override long BytesOfRow
        => base.BytesOfRow + ((long)Model.HeadCount * (Options.FetchCount + Model.KeyDimension) * sizeof(int));

    /// <summary>Learns more rows, of known or new classes, and leaves what other keys know as it is.</summary>
    /// <remarks>
    /// <para>Keys stay frozen. Classes are matched by label value, or by key number where the label has no key values;
    /// new ones come after the known ones, in the order in which they turn up. A class that no row is of keeps its
    /// place; its values change only in pairs that these rows fetch.</para>
    /// <para>Rows whose label is missing are skipped, and a warning says how many. Without any labelled row the result
    /// predicts as this one.</para>
    /// </remarks>
    /// <param name="examples">Rows with the columns that the bottleneck was trained on.</param>
    /// <param name="labelColumnName">
    /// Column with the labels: a key, or the label values themselves; null takes the column named in the options.
    /// </param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">A feature is not a finite number; the message names the row.
    /// </exception>
    public KeyValueBottleneckTransformer ContinueFit(IDataView examples, string? labelColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(examples);

        DataViewSchema.Column label = Columns.Find(examples.Schema, labelColumnName ?? Options.LabelColumnName);
        using IChannel channel = Environment.Register(nameof(KeyValueBottleneckTransformer)).Start("ContinueFit");
        LabelledRows rows = LabelledRows.Read(examples, Options.Columns, label, Classes, Dimension, channel);
        if (rows.Labels.Length == 0) return this;
        KeyValueBottleneck learned = Model.Learn(rows.Features, rows.Labels, rows.Classes.Count);
        return new KeyValueBottleneckTransformer(Environment, Options, learned, rows.Classes);
    }

    internal override BlockClassifier CreateClassifier(int threadCount)
        => new KeyValueBottleneckClassifier(Model, threadCount);

    private protected override void ExportTo(OnnxGraph graph, string features, OnnxExportOptions options)
        => BottleneckExport.Add(graph, this, features, options);

    private protected override void Save(ModelSaveContext context)
        => ModelStream.Save(context, ModelSignature, LoaderSignature, stream =>
        {
            var writer = new SectionWriter(stream);
            writer.Write("columns", fields =>
            {
                fields.Write(Options.LabelColumnName);
                fields.Write(Options.FeatureColumnName);
                EncoderMark.Write(fields, Options.EncoderFingerprint);
            });
            writer.Write("classes", fields => ClassTableFormat.Write(fields, Classes));
            KeyValueBottleneckFormat.Write(writer, Model);
            writer.End();
        });

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx)
        => ModelStream.Load(ctx, ModelSignature, LoaderSignature, stream =>
        {
            var reader = new SectionReader(stream);
            (string label, string features, string? encoder) = reader.Read(
                "columns", fields => (fields.ReadString(), fields.ReadString(), EncoderMark.Read(fields)));
            if (label.Length == 0 || features.Length == 0) throw reader.Error("must name columns", "an empty name");
            ClassTable classes = reader.Read("classes", ClassTableFormat.Read);
            KeyValueBottleneck model = KeyValueBottleneckFormat.Read(reader);
            reader.EndFile();
            if (model.ClassCount != classes.Count)
                throw reader.Error($"must follow a bottleneck of {classes.Count} classes", $"{model.ClassCount}");
            var options = new KeyValueBottleneckOptions(model.Settings)
            {
                LabelColumnName = label,
                FeatureColumnName = features,
                EncoderFingerprint = encoder,
            };
            return new KeyValueBottleneckTransformer(env, options, model, classes);
        });
}
