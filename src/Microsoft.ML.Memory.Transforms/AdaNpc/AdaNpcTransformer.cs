// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(AdaNpcTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Adaptive non-parametric classifier",
    AdaNpcTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>A classifier that adapts to the stream it predicts: AdaNPC.</summary>
/// <remarks>
/// <para>Adds <c>PredictedLabel</c> (key), <c>Score</c> [c] (sums to 1) and the columns that the options ask for. A row
/// with a NaN or infinite feature, and every row of an empty memory, has no neighbours: its label is missing and its
/// scores are the shares of the classes in the memory it started with.</para>
/// <para><see cref="MemoryClassifierTransformer{TModel}.Transform"/> adapts along each pass, in the order of the rows
/// and by one cursor, and each pass starts at the trained memory: two passes over the same rows give the same. A
/// prediction engine sees single rows without an order, so it predicts with the trained memory as it is. To go on
/// adapting across calls, as a server does, use <see cref="CreateAdaptiveSession"/>.</para>
/// <para>Immutable, so safe for concurrent use.</para>
/// <para>Source: Zhang et al., ICML 2023, arXiv 2304.12566.</para>
/// </remarks>
public sealed partial class AdaNpcTransformer : MemoryClassifierTransformer<AdaptiveState>
{
    /// <summary>Id, class, distance and weight of one neighbour.</summary>
    private const int BytesOfNeighbor = sizeof(long) + sizeof(int) + (2 * sizeof(float));

    private readonly AdaptiveMemory _still;

    internal AdaNpcTransformer(
        IHostEnvironment environment, AdaNpcOptions options, AdaptiveState start, ClassTable classes)
        : base(environment, start, classes, options.FeatureColumnName, start.Memory.Dimension)
    {
        Options = options;
        _still = new AdaptiveMemory(start, options);
    }

    /// <summary>The settings of the trainer that made this classifier.</summary>
    public AdaNpcOptions Options { get; }

    /// <inheritdoc/>
    public override string? EncoderFingerprint => Options.EncoderFingerprint;

    internal override long BytesOfRow
        => base.BytesOfRow + ((long)ClassCount * sizeof(double)) + ((long)MostNeighbors * BytesOfNeighbor);

    /// <summary>Most neighbours of a row: all entries may be in its ball.</summary>
    private int MostNeighbors
        => Options.BallSimilarity is null ? Math.Min(Options.NeighborCount, _still.Capacity) : _still.Capacity;

    internal override bool IsOrdered => true;

    internal override int BatchSize => Options.BatchSize;

    internal override BlockClassifier CreateClassifier(int threadCount)
        => new AdaNpcClassifier(Options, new AdaptiveMemory(Model, Options), isAdapting: true, threadCount);

    internal override BlockClassifier CreateRowClassifier(int threadCount)
        => new AdaNpcClassifier(Options, _still, isAdapting: false, threadCount);

    internal override List<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema input)
    {
        List<DataViewSchema.DetachedColumn> columns = ClassifierColumns.Create(
            input, Classes, Options.NeighborColumns);
        if (Options.ConfidenceColumnName is { } confidence)
            columns.Add(new DataViewSchema.DetachedColumn(confidence, NumberDataViewType.Single));
        return columns;
    }
}
