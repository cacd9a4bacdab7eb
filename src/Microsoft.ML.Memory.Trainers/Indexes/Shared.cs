// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What several holders share and the last one to let go frees.</summary>
internal abstract class Shared
{
    private int _holders = 1;

    /// <summary>Holds it too, unless it has been freed.</summary>
    public bool TryHold()
    {
        for (int holders = Volatile.Read(ref _holders); holders > 0;)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders) return true;
            holders = seen;
        }

        return false;
    }

    /// <summary>Lets go of it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) Free();
    }

    /// <summary>Frees what it holds; called once.</summary>
    protected abstract void Free();
}
