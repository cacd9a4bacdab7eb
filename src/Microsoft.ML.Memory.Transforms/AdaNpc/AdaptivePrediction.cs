// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a session says of one row, and what it did with it.</summary>
public sealed record AdaptivePrediction
{
    /// <summary>
    /// Name of the predicted class; null where there is none: a feature is NaN or infinite, or the memory is empty.
    /// </summary>
    public string? Label { get; init; }

    /// <summary>Index of the predicted class in <see cref="Scores"/>; null where there is none.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>[c] scores, summing to 1; the class prior where there is no prediction.</summary>
    public IReadOnlyList<float> Scores { get; init; } = [];

    /// <summary>Confidence of the prediction, in [0, 1]; 0 where there is none.</summary>
    public double Confidence { get; init; }

    /// <summary>Ids of the entries that voted, nearest first.</summary>
    public IReadOnlyList<long> NeighborIds { get; init; } = [];

    /// <summary>Id under which the row was remembered; null where it was not.</summary>
    public long? AddedId { get; init; }

    /// <summary>Id of the entry that left for it; null where none did.</summary>
    public long? EvictedId { get; init; }
}
