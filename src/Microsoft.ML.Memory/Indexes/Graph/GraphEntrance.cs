// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Where walks start: a slot of the highest layer. Read by many threads, set by one.</summary>
internal sealed class GraphEntrance
{
    private long _place = Pack(-1, -1);

    /// <summary>Gives slot and level together; -1 each where there are no entries.</summary>
    public (int Slot, int Level) Place
    {
        get
        {
            long place = Volatile.Read(ref _place);
            return ((int)place, (int)(place >> 32));
        }
    }

    /// <summary>Sets slot and level.</summary>
    public void Set(int slot, int level) => Volatile.Write(ref _place, Pack(slot, level));

    /// <summary>Sets slot and level where the level is higher than the present one.</summary>
    public void Raise(int slot, int level)
    {
        if (level > Place.Level) Set(slot, level);
    }

    private static long Pack(int slot, int level) => ((long)level << 32) | (uint)slot;
}
