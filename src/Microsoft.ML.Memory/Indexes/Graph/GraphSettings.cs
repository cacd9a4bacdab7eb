// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of a <see cref="GraphIndex"/>; the defaults are those of the paper's experiments.</summary>
public sealed record GraphSettings
{
    /// <summary>
    /// Most links of an entry on an upper layer, in [2, 512]; default 16. The lowest layer has twice as many.
    /// </summary>
    public int LinkCount { get; init; } = 16;

    /// <summary>
    /// Candidates weighed for the links of a new entry, in [1, 65536]; default 200. More find better links and take
    /// longer.
    /// </summary>
    public int BuildCandidateCount { get; init; } = 200;

    /// <summary>
    /// Candidates weighed for each query where <see cref="SearchOptions.CandidateCount"/> is null, at least 1; default
    /// 64.
    /// </summary>
    public int SearchCandidateCount { get; init; } = 64;

    /// <summary>Seed of the entries' layers; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// How the vectors that the search compares are held; default <see cref="VectorEncoding.Single"/>.
    /// </summary>
    public VectorEncoding Encoding { get; init; }

    /// <summary>
    /// Threads that add and remove, at least 1; null (the default) uses every processor. It never changes a result.
    /// </summary>
    public int? ThreadCount { get; init; }

    /// <summary>Checks every setting and reports all that are out of range at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        var violations = new OptionViolations(nameof(GraphSettings));
        Validate(violations, "");
        violations.ThrowIfAny();
    }

    /// <summary>Collects what is wrong with the settings.</summary>
    internal void Validate(OptionViolations violations, string name)
    {
        violations.Require(
            LinkCount is >= 2 and <= GraphLimits.LargestLinkCount,
            name + nameof(LinkCount),
            $"in [2, {GraphLimits.LargestLinkCount}]",
            LinkCount);
        violations.Require(
            BuildCandidateCount is >= 1 and <= GraphLimits.LargestBuildCandidateCount,
            name + nameof(BuildCandidateCount),
            $"in [1, {GraphLimits.LargestBuildCandidateCount}]",
            BuildCandidateCount);
        violations.RequireAtLeast(SearchCandidateCount, 1, name + nameof(SearchCandidateCount));
        violations.Require(Enum.IsDefined(Encoding), name + nameof(Encoding), "an encoding", (int)Encoding);
        violations.Require(ThreadCount is null or >= 1, name + nameof(ThreadCount), "null or at least 1", ThreadCount);
    }
}
