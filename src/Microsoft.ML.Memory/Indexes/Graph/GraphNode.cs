// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What is known of the entry in one slot, besides its vector and its links on the lowest layer.</summary>
/// <remarks>A search of version v sees the entry where Born &lt;= v &lt; Died. All zero: the slot is free.</remarks>
internal unsafe struct GraphNode
{
    public const long Never = long.MaxValue;

    /// <summary>Level of a copy: an entry outside the graph, found by the entry of the same vector.</summary>
    public const int Copy = -1;

    public long Id;
    public long Sequence;
    public long Born;
    public long Died;

    /// <summary>Links on layers 1 to Level, M each; null below level 1.</summary>
    public int* Upper;
    public int Level;

    /// <summary>1 where float scores of the vector cannot be trusted.</summary>
    public int Untrusted;

    /// <summary>
    /// Slot plus 1 of the next copy, in the order of adding; of the last one, minus that of the entry in the graph; 0
    /// where there are no copies.
    /// </summary>
    public int Next;

    /// <summary>Slot plus 1 of the entry whose next one this is; of an entry in the graph, of its last copy.</summary>
    public int Previous;

    public bool IsSeenBy(long version) => version < Volatile.Read(ref Died) && Born <= version;
}
