// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Memory;

/// <summary>Random numbers that follow from a seed alone, in every version of the runtime.</summary>
/// <remarks>
/// <para>xoshiro256**, its state filled by SplitMix64 (Blackman and Vigna, 2021, ACM TOMS 47(4)). Not for
/// secrets.</para>
/// <para>Belongs to one thread at a time. <see cref="State"/> lets a saved stream go on where it was.</para>
/// </remarks>
internal sealed class SeededRandom
{
    private const int StateLength = 4;

    private readonly ulong[] _state = new ulong[StateLength];
    private double? _spareGaussian;

    public SeededRandom(long seed)
    {
        ulong mixed = unchecked((ulong)seed);
        for (int index = 0; index < StateLength; index++) _state[index] = SplitMix(ref mixed);
    }

    /// <summary>Goes on from a state that <see cref="State"/> gave.</summary>
    /// <exception cref="ArgumentException">The state is not four numbers, or all of them are 0.</exception>
    public SeededRandom(ReadOnlySpan<ulong> state)
    {
        Check.Length(state.Length, StateLength, nameof(state), "[4]");
        if (!state.ContainsAnyExcept(0UL))
            throw new ArgumentException("state must have a number other than 0. Got zeros only.", nameof(state));
        state.CopyTo(_state);
    }

    /// <summary>The state of the stream, four numbers; a Gaussian number held in reserve is not part of it.</summary>
    public ReadOnlySpan<ulong> State => _state;

    /// <summary>Gives the next 64 random bits.</summary>
    public ulong NextBits()
    {
        ulong[] state = _state;
        ulong result = BitOperations.RotateLeft(state[1] * 5, 7) * 9;
        ulong shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = BitOperations.RotateLeft(state[3], 45);
        return result;
    }

    /// <summary>Gives a whole number in [0, bound), each equally likely.</summary>
    /// <exception cref="ArgumentException"><paramref name="bound"/> is below 1.</exception>
    public long Next(long bound)
    {
        if (bound < 1) throw new ArgumentException($"bound must be at least 1. Got {bound}.", nameof(bound));

        // The products that fall below the remainder would make some numbers likelier than others.
        ulong limit = (ulong)bound;
        ulong remainder = unchecked(0 - limit) % limit;
        while (true)
        {
            ulong high = Math.BigMul(NextBits(), limit, out ulong low);
            if (low >= remainder) return (long)high;
        }
    }

    /// <summary>Gives a whole number in [0, bound), each equally likely.</summary>
    /// <exception cref="ArgumentException"><paramref name="bound"/> is below 1.</exception>
    public int Next(int bound) => (int)Next((long)bound);

    /// <summary>Gives a number in [0, 1), in steps of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Gives a number of the normal distribution with mean 0 and variance 1.</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }

        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square is >= 1 or 0);

        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareGaussian = y * scale;
        return x * scale;
    }

    /// <summary>Puts values into an order of which each is equally likely.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int last = values.Length - 1; last > 0; last--)
        {
            int other = Next(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
