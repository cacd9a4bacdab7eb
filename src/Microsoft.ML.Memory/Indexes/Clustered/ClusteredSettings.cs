// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a clustered index on disk is built, searched and kept; saved in its file.</summary>
public sealed record ClusteredSettings
{
    /// <summary>
    /// Entries for which one list is made, on average; at least 1. Default 128. Longer where <see cref="MemoryBytes"/>
    /// bounds the number of lists.
    /// </summary>
    public int ListLength { get; init; } = 128;

    /// <summary>
    /// Largest length of a list that replicas may fill, at least 1; replicas beyond it are left out, farthest first.
    /// Default 512. An entry is always in the list of its nearest head, even where that list is full.
    /// </summary>
    public int ListCapacity { get; init; } = 512;

    /// <summary>
    /// Largest number of lists that hold the same entry, in [1, 8]. Default 8, as in the paper. By inner product an
    /// entry is in the lists of its two nearest heads, or of one where this says so.
    /// </summary>
    public int ReplicaCount { get; init; } = 8;

    /// <summary>Heads nearest to an entry among which its lists are chosen, in [1, 1024]. Default 64.</summary>
    public int NearHeadCount { get; init; } = 64;

    /// <summary>
    /// Weight of a cluster's size against distance while heads are chosen, in [0, 1000000]; 0 does not balance. Default
    /// 1: a cluster of average size costs as much as the average distance. Files that ask for more, which could be
    /// saved once, are read as 1000000.
    /// </summary>
    public double BalanceWeight { get; init; } = 1;

    /// <summary>
    /// Largest number of lists that a search reads for a query, at least 1, unless
    /// <see cref="SearchOptions.CandidateCount"/> says otherwise. Default 64.
    /// </summary>
    public int SearchListCount { get; init; } = 64;

    /// <summary>Lists that are read whatever <see cref="DistanceRatio"/> says, at least 1. Default 8.</summary>
    public int SureListCount { get; init; } = 8;

    /// <summary>
    /// A list is read where its head is at most this many times as far from the query as the nearest head; at least 1,
    /// infinity reads all that <see cref="SearchListCount"/> allows. Default 2. Distances are those of the metric: of
    /// inner products, which may be negative, the difference to the nearest may be (ratio - 1) times its magnitude,
    /// and a list's distance takes in how far its entries reach beyond the head.
    /// </summary>
    public double DistanceRatio { get; init; } = 2;

    /// <summary>
    /// Added entries that are held in memory and compared one by one before they are merged into the lists, at least
    /// 1. Default 20,000. Merging rewrites the file; one addition to none, however large, waits for the next.
    /// </summary>
    public int AddedCount { get; init; } = 20_000;

    /// <summary>
    /// Share of removed entries above which, if they are 256 at least, the next removal first rewrites the file without
    /// them, in (0, 1]. Default 0.2.
    /// </summary>
    public double RemovedShare { get; init; } = 0.2;

    /// <summary>
    /// Bytes that building and merging may hold in memory, roughly; at least 16 MiB. Default 256 MiB. Heads and
    /// one row of every list come on top. Heads are chosen among MemoryBytes / (4·(4·d + 176)) rows, which bounds the
    /// number of lists: 97,000 of 128 values, 20,000 of 768, by default.
    /// </summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>
    /// True (the default) forces every change to the device before the call returns, so that it outlasts a loss of
    /// power. False leaves that to <see cref="ClusteredIndex.Flush"/>; a change still outlasts the end of the process.
    /// </summary>
    public bool FlushEachChange { get; init; } = true;

    /// <summary>Seed of the choice of heads. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Checks all settings and says all that is wrong at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        var violations = new OptionViolations(nameof(ClusteredSettings));
        violations.RequireAtLeast(ListLength, 1, nameof(ListLength));
        violations.RequireAtLeast(ListCapacity, 1, nameof(ListCapacity));
        violations.Require(ReplicaCount is >= 1 and <= 8, nameof(ReplicaCount), "in [1, 8]", ReplicaCount);
        violations.Require(NearHeadCount is >= 1 and <= 1024, nameof(NearHeadCount), "in [1, 1024]", NearHeadCount);
        violations.Require(
            BalanceWeight is >= 0 and <= LargestBalanceWeight,
            nameof(BalanceWeight),
            $"in [0, {LargestBalanceWeight}]",
            BalanceWeight);
        violations.RequireAtLeast(SearchListCount, 1, nameof(SearchListCount));
        violations.RequireAtLeast(SureListCount, 1, nameof(SureListCount));
        violations.Require(DistanceRatio >= 1, nameof(DistanceRatio), "at least 1", DistanceRatio);
        violations.RequireAtLeast(AddedCount, 1, nameof(AddedCount));
        violations.Require(RemovedShare is > 0 and <= 1, nameof(RemovedShare), "in (0, 1]", RemovedShare);
        violations.Require(
            MemoryBytes >= SmallestMemoryBytes, nameof(MemoryBytes), $"at least {SmallestMemoryBytes}", MemoryBytes);
        violations.ThrowIfAny();
    }

    /// <summary>Beyond, distances count for nothing, and products of weights, distances and sizes overflow at last.
    /// </summary>
    internal const int LargestBalanceWeight = 1_000_000;

    private const long SmallestMemoryBytes = 16L << 20;
}
