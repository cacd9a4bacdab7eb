// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>What the limited process measured.</summary>
internal sealed record DiskAnswer
{
    public double BuildSeconds { get; init; }

    public long PeakBytes { get; init; }

    public long FileBytes { get; init; }

    public int ListCount { get; init; }

    /// <summary>Postings for each entry.</summary>
    public double Replicas { get; init; }

    /// <summary>Milliseconds of each query, the file in the page cache as building left it.</summary>
    public double[] Milliseconds { get; init; } = [];

    /// <summary>Milliseconds of each query with none of the file in the page cache; empty where that cannot be.</summary>
    public double[] ColdMilliseconds { get; init; } = [];

    public long[][] Ids { get; init; } = [];
}
