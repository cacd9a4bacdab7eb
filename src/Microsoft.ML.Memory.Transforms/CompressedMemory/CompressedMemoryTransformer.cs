// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(CompressedMemoryTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Compressed memory",
    CompressedMemoryTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>A compressed memory: classifies rows by the entries of the codes near them.</summary>
/// <remarks>
/// <para>Adds <c>PredictedLabel</c> (key) and <c>Score</c> [c] (sums to 1). A row with a NaN or infinite feature, and
/// every row of an empty memory, has no prediction: its label is missing and its scores are the shares of the classes
/// in the memory (equal shares where it is empty).</para>
/// <para>A prediction costs O(K·d) for K codes of length d, however many entries there are.</para>
/// <para>Immutable: <see cref="Add"/> and <see cref="Remove"/> give a new transformer that shares the codebook. Safe
/// for concurrent use.</para>
/// <para>Source: Katraouras and Rafailidis, 2026, arXiv 2601.00756.</para>
/// </remarks>
public sealed class CompressedMemoryTransformer : MemoryClassifierTransformer<CompressedBank>
{
    internal const string LoaderSignature = "CompressedMemory";

    private const string ModelSignature = "CMPMEMRY";

    private readonly Lazy<ICodeReader?> _reader;

    internal CompressedMemoryTransformer(
        IHostEnvironment environment,
        CompressedMemoryOptions options,
        CompressedBank bank,
        ClassTable classes,
        CodeCorrection? correction)
        : base(environment, bank, classes, options.FeatureColumnName, bank.Codebook.Dimension)
    {
        Options = options;
        Correction = correction;
        _reader = new Lazy<ICodeReader?>(CreateReader);
    }

    /// <summary>The settings of the trainer that made this memory.</summary>
    public CompressedMemoryOptions Options { get; }

    /// <inheritdoc/>
    public override string? EncoderFingerprint => Options.EncoderFingerprint;

    /// <summary>The correction of keys and votes; null where there is none.</summary>
    internal CodeCorrection? Correction { get; }

    internal override long BytesOfRow => base.BytesOfRow + ((long)ClassCount * (sizeof(float) + sizeof(double)));

    /// <summary>Remembers more examples, of known or new classes, forward only: the codebook stays as it is.</summary>
    /// <remarks>
    /// Classes are matched by label value, or by key number where the label has no key values; new ones come after the
    /// known ones, in the order in which they turn up. Rows whose label is missing are skipped, and a warning says how
    /// many. Examples unlike those that the codebook was trained on fall on codes that do not stand for them well.
    /// </remarks>
    /// <param name="examples">Rows with the columns that the memory was trained on.</param>
    /// <param name="labelColumnName">
    /// Column with the labels: a key, or the label values themselves; null takes the column named in the options.
    /// </param>
    /// <returns>A new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an id is taken.</exception>
    /// <exception cref="InvalidOperationException">A feature is not a finite number; the message names the row.
    /// </exception>
    public CompressedMemoryTransformer Add(IDataView examples, string? labelColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(examples);

        DataViewSchema.Column label = Columns.Find(examples.Schema, labelColumnName ?? Options.LabelColumnName);
        using IChannel channel = Environment.Register(nameof(CompressedMemoryTransformer)).Start("Add");
        LabelledRows rows = LabelledRows.Read(examples, Options.Columns, label, Classes, Dimension, channel);
        ReadOnlySpan<long> ids = Options.IdColumnName is null ? default : rows.Ids;
        CompressedBank bank = Model.Add(rows.Features, rows.Labels, rows.Classes.Count, ids);
        return new CompressedMemoryTransformer(Environment, Options, bank, rows.Classes, Correction);
    }

    /// <summary>Forgets entries: the bank is as if they had never been added.</summary>
    /// <remarks>
    /// The codebook and the correction were trained once and may still carry traces of the rows that they were
    /// trained on; fit anew without those rows where that matters.
    /// </remarks>
    /// <param name="ids">Ids of entries, each stored and named once.</param>
    /// <returns>A new transformer; this one keeps the entries.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored.</exception>
    /// <exception cref="ArgumentException">An id is named twice.</exception>
    public CompressedMemoryTransformer Remove(params IEnumerable<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        long[] removed = [.. ids];
        return new CompressedMemoryTransformer(Environment, Options, Model.Remove(removed), Classes, Correction);
    }

    internal override BlockClassifier CreateClassifier(int threadCount)
        => new CompressedMemoryClassifier(Model, _reader.Value, threadCount);

    private ICodeReader? CreateReader()
    {
        if (Model.Count == 0) return null;
        return Options.Read == CodeRead.Histogram
            ? new HistogramReader(Model, Options.Gamma)
            : new AttentionReader(Model, new AttentionWeights
            {
                HeadDimension = Dimension,
                Scale = 2 * Options.Gamma,
                Correction = Correction,
            });
    }

    private protected override void ExportTo(OnnxGraph graph, string features, OnnxExportOptions options)
        => CompressedMemoryExport.Add(graph, this, features, options);

    private protected override void Save(ModelSaveContext context)
        => ModelStream.Save(
            context, ModelSignature, LoaderSignature, stream => CompressedMemoryFile.Write(stream, this));

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx)
        => ModelStream.Load(
            ctx, ModelSignature, LoaderSignature, stream => CompressedMemoryFile.Read(stream, env));
}
