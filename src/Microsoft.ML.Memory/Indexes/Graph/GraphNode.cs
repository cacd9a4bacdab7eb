// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What is known of the entry in one slot, besides its vector and its links on the lowest layer.</summary>
/// <remarks>A search of version v sees the entry where Born &lt;= v &lt; Died. All zero: the slot is free.</remarks>
internal unsafe struct GraphNode
{
    public const long Never = long.MaxValue;

    public long Id;
    public long Sequence;
    public long Born;
    public long Died;

    /// <summary>Links on layers 1 to Level, M each; null on level 0.</summary>
    public int* Upper;
    public int Level;

    /// <summary>1 where float scores of the vector cannot be trusted.</summary>
    public int Untrusted;

    public bool IsSeenBy(long version) => version < Volatile.Read(ref Died) && Born <= version;
}
