// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A small mixing function with well spread bits; not that of the real host.</summary>
internal static class SplitHash
{
    public static ulong Start(int seed) => Mix(0x9E3779B97F4A7C15, (uint)seed);

    public static ulong Mix(ulong state, ulong value)
    {
        ulong z = state + ((value + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The top 53 bits as a number in [0, 1).</summary>
    public static double ToPlace(ulong hash) => (hash >> 11) * (1.0 / (1L << 53));
}
