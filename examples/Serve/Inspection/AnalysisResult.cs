// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What an analysis found; all arrays have an item an entry, in the order of the entries.</summary>
/// <remarks>Holds nothing of the memory itself, so that what is removed later does not stay because of it.</remarks>
internal sealed record AnalysisResult
{
    /// <summary>All changes up to this one are in the memory that was analysed.</summary>
    public required long Sequence { get; init; }

    /// <summary>Neighbours that were looked at for each entry.</summary>
    public required int NeighborCount { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    public required long[] Ids { get; init; }

    public required int[] Labels { get; init; }

    /// <summary>Entries of other classes that have this one among their neighbours.</summary>
    public required int[] Wrong { get; init; }

    /// <summary>Entries of its own class that have this one among their neighbours.</summary>
    public required int[] Correct { get; init; }

    /// <summary>Id of the nearest other entry of the same class; null where none is among the neighbours.</summary>
    public required long?[] Twins { get; init; }

    /// <summary>How far that is; NaN where there is none.</summary>
    public required float[] TwinDistances { get; init; }

    /// <summary>Places in the plane of the largest variance.</summary>
    public required Places Principal { get; init; }

    /// <summary>Shares of the variance along its x and y.</summary>
    public required IReadOnlyList<double> VarianceShares { get; init; }

    /// <summary>Places in which neighbours are near each other.</summary>
    public required Places Map { get; init; }

    /// <summary>What the memory predicts for each entry without it; null where it is not a visual one.</summary>
    public Verdicts? Verdicts { get; init; }

    /// <summary>Mean confidence of those predictions; null where there are none.</summary>
    public double? MeanConfidence
        => Verdicts is { Confidences.Length: > 0 } made ? made.Confidences.Average(each => (double)each) : null;
}
