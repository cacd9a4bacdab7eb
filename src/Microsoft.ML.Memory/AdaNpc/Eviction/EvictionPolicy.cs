// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Chooses who leaves a full memory.</summary>
/// <remarks>
/// A call costs O(log n) at most, and O(c) to find the largest of c classes. The choice depends on the calls alone, so
/// on the order of the rows.
/// </remarks>
internal abstract class EvictionPolicy
{
    /// <summary>Makes the policy of a kind.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="classCount">Classes the memory knows, at least 1.</param>
    /// <param name="draw">Gives a random number in [0, its argument).</param>
    public static EvictionPolicy Create(EvictionKind kind, int classCount, Func<long, long> draw) => kind switch
    {
        EvictionKind.ProtectedSourceFifo => new FifoEviction(protectSource: true),
        EvictionKind.Fifo => new FifoEviction(protectSource: false),
        EvictionKind.Reservoir => new ReservoirEviction(draw),
        EvictionKind.ClassBalancedOldest => new ClassBalancedEviction(classCount, draw: null),
        EvictionKind.ClassBalancedReservoir => new ClassBalancedEviction(classCount, draw),
        EvictionKind.LowestConfidence => new LowestConfidenceEviction(),
        _ => new LeastUsefulEviction(),
    };

    /// <summary>Notes an entry that is in the memory from now on.</summary>
    public abstract void Add(AdaptiveEntry entry);

    /// <summary>Notes that an entry has left the memory.</summary>
    public abstract void Remove(AdaptiveEntry entry);

    /// <summary>Chooses who leaves a full memory for a candidate; null refuses the candidate.</summary>
    /// <param name="candidate">The entry that asks to enter.</param>
    /// <param name="asked">How many entries of its class, and of all, ever asked to enter, this one included.</param>
    public abstract AdaptiveEntry? Choose(AdaptiveEntry candidate, EntryCounts asked);

    /// <summary>Notes that an entry's vote agreed with the outcome of a vote, or did not.</summary>
    public virtual void Voted(AdaptiveEntry entry, bool agreed) => entry.Usefulness += agreed ? 1 : -1;
}
