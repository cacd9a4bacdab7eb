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
/// and its scores are the shares of the classes in the memory (equal shares where it is empty). With rejection on,
/// <c>IsUnknown</c> (Boolean) and <c>UnknownScore</c> (Single, larger = more unknown) come after the others; a row
/// without neighbours is unknown, its score infinite.</para>
/// <para>Immutable: <see cref="Add"/> and <see cref="Remove"/> give a new transformer that shares the entries. Safe for
/// concurrent use.</para>
/// <para>Source: Geirhos et al., ICML 2025, arXiv 2408.08172.</para>
/// </remarks>
public sealed partial class VisualMemoryTransformer : MemoryClassifierTransformer<BankSnapshot>
{
    /// <summary>Id, position, distance and weight of one neighbour.</summary>
    private const int BytesOfNeighbor = sizeof(long) + sizeof(int) + (2 * sizeof(float));

    private readonly Lazy<MemoryTrust> _trust;
    private readonly Lazy<double[]> _prior;

    /// <summary>Makes a memory whose trust in itself is fitted when it is first needed.</summary>
    internal VisualMemoryTransformer(
        IHostEnvironment environment,
        VisualMemoryOptions options,
        BankSnapshot memory,
        ClassTable leafClasses,
        HeldOutFit? heldOut = null)
        : this(environment, options, memory, new ClassLevels(leafClasses, options.ClassMap), heldOut, null)
    {
    }

    private VisualMemoryTransformer(
        IHostEnvironment environment,
        VisualMemoryOptions options,
        BankSnapshot memory,
        ClassLevels levels,
        HeldOutFit? heldOut,
        Lazy<MemoryTrust>? trust)
        : base(environment, memory, levels.Voted, options.FeatureColumnName, memory.Dimension)
    {
        Options = options;
        Levels = levels;
        HeldOut = heldOut ?? HeldOutFit.None;
        _trust = trust ?? new Lazy<MemoryTrust>(() => MemoryTrust.Fit(Options, Model, Levels, HeldOut));
        _prior = new Lazy<double[]>(() => Levels.Prior(Model));
    }

    /// <summary>The settings of the trainer that made this memory.</summary>
    public VisualMemoryOptions Options { get; }

    /// <inheritdoc/>
    public override string? EncoderFingerprint => Options.EncoderFingerprint;

    /// <summary>The classes of the entries and those that they vote for.</summary>
    internal ClassLevels Levels { get; }

    /// <summary>What was fitted on held-out rows.</summary>
    internal HeldOutFit HeldOut { get; }

    /// <summary>What the memory has learnt about itself; fitted at the first use.</summary>
    internal MemoryTrust Trust => _trust.Value;

    /// <summary>Scores [c] of a row that nobody votes for; all entries are counted at the first use.</summary>
    internal ReadOnlySpan<double> Prior => _prior.Value;

    internal override string? CandidateColumnName => Options.CandidateColumnName;

    internal override long BytesOfRow
        => base.BytesOfRow + ((long)Math.Min(Options.NeighborCount, Model.Count) * BytesOfNeighbor);

    internal override BlockClassifier CreateClassifier(int threadCount)
        => new VisualMemoryClassifier(this, new NeighborFinder(this), threadCount);

    /// <summary>Starts the classification of rows by all entries, also where candidates are asked for.</summary>
    internal BlockClassifier CreateClassifierOfAll(int threadCount)
        => new VisualMemoryClassifier(this, NeighborFinder.OfAll(this), threadCount);

    internal override List<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema input)
        => ClassifierColumns.Create(input, Classes, Options.NeighborColumns, Options.Rejection is not null);

    /// <summary>Fits now what would else be fitted at the first use.</summary>
    internal void FitTrust() => _ = _trust.Value;

    /// <summary>Gives the same memory, which compares with all entries whatever the options ask for.</summary>
    internal VisualMemoryTransformer Exactly()
        => Model.Graph is null
            ? this
            : new VisualMemoryTransformer(Environment, Options, Model.With(null), Levels.Leaves, HeldOut);

    /// <summary>Makes the same memory with something else in it; what follows from that is fitted anew.</summary>
    private VisualMemoryTransformer With(BankSnapshot memory, ClassTable leafClasses, IChannel channel)
    {
        BankSnapshot indexed = MemoryIndexing.Apply(memory, Options.Index, Options.NeighborCount, channel);
        return new VisualMemoryTransformer(Environment, Options, indexed, leafClasses, HeldOut);
    }
}
