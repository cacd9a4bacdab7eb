// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="DurableMemory"/>; <c>new DurableMemoryOptions()</c> is valid.</summary>
/// <remarks>Every change is on disk before it is acknowledged: there is no setting that says otherwise.</remarks>
public sealed record DurableMemoryOptions
{
    /// <summary>
    /// How long a group waits for more changes before it is written and flushed, in [0, 1 s]. Default 0: whatever has
    /// come while the group before was flushed is the next.
    /// </summary>
    public TimeSpan CommitDelay { get; init; }

    /// <summary>
    /// Most bytes of a group in the journal, in [1,024, 2^30]; a change that is larger is refused. Default 64 MiB.
    /// </summary>
    public int LargestGroupBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Most changes that wait to be written, at least 1; whoever comes with another waits. Default 1,024.
    /// </summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>
    /// Bytes of the journal from which on it is compacted by itself, at least 0; null leaves that to
    /// <see cref="DurableMemory.CompactAsync"/>. Default 64 MiB.
    /// </summary>
    public long? CompactionBytes { get; init; } = 64 << 20;

    /// <summary>
    /// How large the journal must be besides, as a share of the model file, finite and at least 0. Default 1: what is
    /// written for compaction is never much more than what changes have written.
    /// </summary>
    public double CompactionShare { get; init; } = 1;

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(DurableMemoryOptions));
        violations.Require(
            CommitDelay >= TimeSpan.Zero && CommitDelay <= TimeSpan.FromSeconds(1),
            nameof(CommitDelay),
            "in [0, 1 s]",
            CommitDelay);
        violations.Require(
            LargestGroupBytes is >= 1024 and <= 1 << 30,
            nameof(LargestGroupBytes),
            "in [1024, 2^30]",
            LargestGroupBytes);
        violations.RequireAtLeast(QueueCapacity, 1, nameof(QueueCapacity));
        violations.Require(
            CompactionBytes is null or >= 0, nameof(CompactionBytes), "null or at least 0", CompactionBytes);
        violations.RequireAtLeast(CompactionShare, 0, nameof(CompactionShare));
        violations.ThrowIfAny();
    }
}
