// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Makes keys look like noise in a file, where compressing them would cost more than it saves.</summary>
/// <remarks>
/// <para>The host deflates every stream of a model file. Of real-valued features that saves a tenth of the space, for
/// which every load pays with three times the time (bench <c>load</c>). Bytes without any pattern are stored by deflate
/// as they are. So value i is XORed with a fixed hash of i: no secret, and undone on loading.</para>
/// <para>Small banks, and keys that deflate does shrink, such as sparse ones, are left alone.</para>
/// </remarks>
internal static class KeyScrambler
{
    /// <summary>Below this size loading is fast anyway, and files stay easy to look into.</summary>
    private const long SmallestBytes = 1 << 20;

    private const int SampleValues = 16 << 10;
    private const int SampleCount = 8;
    private const double WorthDeflating = 0.75;

    /// <summary>Tells whether deflating the keys would hardly make them smaller, by samples of them.</summary>
    /// <remarks>
    /// Samples are taken by value, not by run: the same keys give the same answer however they are stored.
    /// </remarks>
    public static bool IsWorthwhile(List<KeyRun> runs)
    {
        long values = runs.Sum(run => (long)run.Keys.Length);
        if (values * sizeof(float) < SmallestBytes) return false;
        float[] sample = new float[SampleValues];
        using var deflated = new MemoryStream();
        for (int index = 0; index < SampleCount; index++)
        {
            Copy(runs, (values - SampleValues) * index / SampleCount, sample);
            using var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true);
            deflate.Write(MemoryMarshal.AsBytes(sample.AsSpan()));
        }

        return deflated.Length > SampleCount * SampleValues * sizeof(float) * WorthDeflating;
    }

    /// <summary>Scrambles or unscrambles values in place; doing it twice changes nothing.</summary>
    /// <param name="values">The values, as bits.</param>
    /// <param name="first">Index of the first of them among all.</param>
    public static void Apply(Span<uint> values, long first)
    {
        Span<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(values);
        Vector<uint> index = Vector<uint>.Indices + new Vector<uint>((uint)first);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] ^= Mix(index);
            index += new Vector<uint>((uint)Vector<uint>.Count);
        }

        for (int i = vectors.Length * Vector<uint>.Count; i < values.Length; i++)
            values[i] ^= Mix((uint)first + (uint)i);
    }

    /// <summary>Copies values from the runs as if they were one array.</summary>
    private static void Copy(List<KeyRun> runs, long start, Span<float> values)
    {
        foreach (KeyRun run in runs)
        {
            ReadOnlySpan<float> keys = run.Keys;
            if (start >= keys.Length)
            {
                start -= keys.Length;
                continue;
            }

            ReadOnlySpan<float> part = keys[(int)start..];
            if (part.Length > values.Length) part = part[..values.Length];
            part.CopyTo(values);
            values = values[part.Length..];
            if (values.IsEmpty) return;
            start = 0;
        }
    }

    /// <summary>
    /// The finalizer of MurmurHash3 (Austin Appleby): every bit of the index reaches every bit of the result.
    /// </summary>
    private static Vector<uint> Mix(Vector<uint> x)
    {
        x ^= x >>> 16;
        x *= 0x85EBCA6B;
        x ^= x >>> 13;
        x *= 0xC2B2AE35;
        return x ^ (x >>> 16);
    }

    private static uint Mix(uint x)
    {
        x ^= x >>> 16;
        x *= 0x85EBCA6B;
        x ^= x >>> 13;
        x *= 0xC2B2AE35;
        return x ^ (x >>> 16);
    }
}
