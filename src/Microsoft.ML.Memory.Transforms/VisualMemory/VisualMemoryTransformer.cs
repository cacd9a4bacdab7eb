// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(VisualMemoryTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Visual memory",
    VisualMemoryTransformer.LoaderSignature)]

namespace Microsoft.ML.Memory;

/// <summary>A kNN visual memory: classifies rows by the vote of their nearest entries.</summary>
/// <remarks>
/// <para>Adds <c>PredictedLabel</c> (key), <c>Score</c> [c] (sums to 1) and the neighbour columns that the options ask
/// for. A row with a NaN or infinite feature, and every row of an empty memory, has no neighbours: its label is missing
/// and its scores are the shares of the classes in the memory (equal shares where it is empty).</para>
/// <para>Immutable: <see cref="Add"/> and <see cref="Remove"/> give a new transformer that shares the entries. Safe for
/// concurrent use.</para>
/// <para>Source: Geirhos et al., ICML 2025, arXiv 2408.08172.</para>
/// </remarks>
public sealed partial class VisualMemoryTransformer : MemoryClassifierTransformer<BankSnapshot>
{
    /// <summary>Id, position, distance and weight of one neighbour.</summary>
    private const int BytesOfNeighbor = sizeof(long) + sizeof(int) + (2 * sizeof(float));

    internal VisualMemoryTransformer(
        IHostEnvironment environment,
        VisualMemoryOptions options,
        BankSnapshot memory,
        ClassTable classes)
        : base(environment, memory, classes, options.FeatureColumnName, memory.Dimension)
        => Options = options;

    /// <summary>The settings of the trainer that made this memory.</summary>
    public VisualMemoryOptions Options { get; }

    internal override long BytesOfRow
        => base.BytesOfRow + ((long)Math.Min(Options.NeighborCount, Model.Count) * BytesOfNeighbor);

    internal override BlockClassifier CreateClassifier(int threadCount)
        => new VisualMemoryClassifier(this, threadCount);

    internal override List<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema input)
        => ClassifierColumns.Create(input, Classes, Options.NeighborColumns);
}
