// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What an adaptive memory saw and did in one domain of a stream.</summary>
/// <param name="Name">Name of the domain.</param>
public sealed record DomainSummary(string Name)
{
    /// <summary>Rows that were adapted to.</summary>
    public long RowCount { get; init; }

    /// <summary>Rows of them without a prediction: not finite, or the memory was empty.</summary>
    public long UnpredictedCount { get; init; }

    /// <summary>Rows that were remembered.</summary>
    public long AddedCount { get; init; }

    /// <summary>Rows sure enough to be remembered that a full memory refused.</summary>
    public long RefusedCount { get; init; }

    /// <summary>Entries that left for them.</summary>
    public long EvictedCount { get; init; }

    /// <summary>Mean confidence of the predictions; 0 where there is none.</summary>
    public double MeanConfidence { get; init; }

    /// <summary>Mean cosine distance to the nearest entry; 0 where there is no prediction.</summary>
    public double MeanDistance { get; init; }

    /// <summary>Mean entropy of the vote shares in nats; 0 where there is no prediction.</summary>
    public double MeanEntropy { get; init; }

    /// <summary>[c] share of each class among the predictions; zeros where there is none.</summary>
    public IReadOnlyList<double> ClassShares { get; init; } = [];

    /// <summary>
    /// Total variation distance, in [0, 1], between the shares of the classes here and among the entries at the start;
    /// 0 where there is no prediction.
    /// </summary>
    public double ClassShift { get; init; }
}
