// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Random numbers of one row in one epoch: they follow from seed, epoch and row alone.</summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood, 2014), started from a mix of the three. Not for secrets.</remarks>
internal struct RowDraw(long seed, int epoch, int row)
{
    private ulong _state = Mix(Mix((ulong)seed) ^ (((ulong)(uint)epoch << 32) | (uint)row));

    /// <summary>Gives a whole number in [0, bound), each as likely as another to within bound / 2^32.</summary>
    public int Next(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        return (int)(((Mix(_state) >> 32) * (uint)bound) >> 32);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
