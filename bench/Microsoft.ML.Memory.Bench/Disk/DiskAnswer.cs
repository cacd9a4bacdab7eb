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

    public DiskSearch[] Searches { get; init; } = [];
}
