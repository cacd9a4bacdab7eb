// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What is known of an entry that an adaptive memory added itself.</summary>
/// <param name="Id">Id of the entry.</param>
public sealed record EntryNote(long Id)
{
    /// <summary>Confidence of the prediction that gave the label; 1 where the label was given.</summary>
    public double Confidence { get; init; } = 1;

    /// <summary>Votes that agreed with the outcome of a vote less votes that did not.</summary>
    public long Usefulness { get; init; }

    /// <summary>
    /// Ids of the entries that voted on the label, nearest first; none where the label was given. Some of them may have
    /// left the memory since.
    /// </summary>
    public IReadOnlyList<long> ParentIds { get; init; } = [];
}
