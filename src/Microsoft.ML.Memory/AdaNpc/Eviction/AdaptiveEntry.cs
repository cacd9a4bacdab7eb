// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What an adaptive memory knows of an entry beside its key.</summary>
internal sealed class AdaptiveEntry(long id, int label, EntryOrigin origin, double confidence, long[] parents)
{
    public long Id => id;

    public int Label => label;

    public EntryOrigin Origin => origin;

    /// <summary>Confidence of the prediction that gave the label; 1 where the label was given.</summary>
    public double Confidence => confidence;

    /// <summary>Ids of the entries that voted on the label; none where the label was given.</summary>
    public long[] Parents => parents;

    /// <summary>
    /// Whether the bank holds its key; an entry that came within the current batch has none there yet.
    /// </summary>
    public bool IsStored { get; set; }

    /// <summary>Votes that agreed with the outcome less votes that did not.</summary>
    public long Usefulness { get; set; }

    /// <summary>Place in the policy's order; belongs to the policy.</summary>
    public int Slot { get; set; }

    /// <summary>When it entered, counted in entries; belongs to the policy.</summary>
    public long Arrival { get; set; }
}
