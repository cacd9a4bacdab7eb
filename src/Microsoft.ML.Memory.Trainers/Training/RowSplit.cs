// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Holds rows out for validation, each by its place alone, so that a stream need not be kept.</summary>
/// <param name="fraction">Share held out, in [0, 1).</param>
/// <param name="seed">Another seed holds out other rows.</param>
internal sealed class RowSplit(double fraction, long seed)
{
    public bool IsHeldOut(long position)
    {
        if (fraction == 0) return false;
        ulong bits = Mixed((ulong)position ^ Mixed((ulong)seed));
        return (bits >> 11) * (1.0 / (1UL << 53)) < fraction;
    }

    // The finalizer of SplitMix64 (Steele et al., 2014), which turns neighbouring numbers into unrelated ones.
    private static ulong Mixed(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
