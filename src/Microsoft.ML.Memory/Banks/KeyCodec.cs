// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Moves keys between segments and files.</summary>
/// <remarks>
/// Pixels fit bytes, and a quarter of the bytes is inflated in a quarter of the time: the host's zip is what loading
/// waits for.
/// </remarks>
internal static class KeyCodec
{
    private const int PieceBytes = 1 << 20;

    public static int SizeOf(KeyEncoding encoding) => encoding == KeyEncoding.Bytes ? sizeof(byte) : sizeof(float);

    /// <summary>Picks the encoding that loads fastest.</summary>
    public static KeyEncoding Choose(List<KeyRun> runs)
    {
        if (runs.TrueForAll(run => FitsBytes(run.Keys))) return KeyEncoding.Bytes;
        return KeyScrambler.IsWorthwhile(runs) ? KeyEncoding.Scrambled : KeyEncoding.Floats;
    }

    /// <summary>Gives the content of a run of keys in a file.</summary>
    /// <param name="run">The keys.</param>
    /// <param name="encoding">How to write them.</param>
    /// <param name="first">Index of the run's first value among all.</param>
    /// <param name="buffer">Room for the content of the longest run; used where it differs from the keys.</param>
    public static ReadOnlySpan<byte> Encode(KeyRun run, KeyEncoding encoding, long first, byte[] buffer)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(run.Keys);
        switch (encoding)
        {
            case KeyEncoding.Bytes:
                TensorPrimitives.ConvertTruncating(run.Keys, buffer.AsSpan(0, run.Keys.Length));
                return buffer.AsSpan(0, run.Keys.Length);
            case KeyEncoding.Scrambled:
                bytes.CopyTo(buffer);
                KeyScrambler.Apply(MemoryMarshal.Cast<byte, uint>(buffer.AsSpan(0, bytes.Length)), first);
                return buffer.AsSpan(0, bytes.Length);
            default:
                return bytes;
        }
    }

    /// <summary>Reads the keys of the rows of a segment, checks them and makes their terms.</summary>
    /// <param name="reader">Where the content comes from.</param>
    /// <param name="encoding">How it was written.</param>
    /// <param name="segment">Receives keys and terms of all its rows.</param>
    /// <param name="dimension">Length d of a key.</param>
    /// <param name="metric">What the terms are for.</param>
    /// <param name="first">Index of the segment's first value among all.</param>
    public static void Read(
        SectionReader reader, KeyEncoding encoding, EntrySegment segment, int dimension, Metric metric, long first)
    {
        int piece = Math.Max(1, PieceBytes / (dimension * sizeof(float)));
        byte[] packed = encoding == KeyEncoding.Bytes ? new byte[piece * dimension] : [];
        for (int row = 0; row < segment.Capacity; row += piece)
        {
            Span<float> keys = segment.WriteKeys(row, Math.Min(piece, segment.Capacity - row));
            if (encoding != KeyEncoding.Bytes)
            {
                reader.Read(MemoryMarshal.AsBytes(keys));
                continue;
            }

            Span<byte> bytes = packed.AsSpan(0, keys.Length);
            reader.Read(bytes);
            TensorPrimitives.ConvertTruncating<byte, float>(bytes, keys);
        }

        // Reading is one stream, but what remains to be done is not: it takes all processors.
        int wrong = 0;
        Parallel.For(0, (segment.Capacity + piece - 1) / piece, index =>
        {
            for (int row = index * piece; row < Math.Min(segment.Capacity, (index + 1) * piece); row++)
            {
                Span<float> key = segment.WriteKeys(row, 1);
                if (encoding == KeyEncoding.Scrambled)
                    KeyScrambler.Apply(MemoryMarshal.Cast<float, uint>(key), first + ((long)row * dimension));
                if (!TensorPrimitives.IsFiniteAll<float>(key)) Interlocked.Increment(ref wrong);
                else segment.Terms[row] = RowTerm.Of(metric, key);
            }
        });
        GC.KeepAlive(segment);
        if (wrong > 0) throw reader.Error("must be finite", $"NaN or infinity in {wrong} rows");
    }

    /// <summary>
    /// Tells whether every value is a whole number in [0, 255]; -0 is none, since its sign would be lost.
    /// </summary>
    private static bool FitsBytes(ReadOnlySpan<float> keys)
    {
        foreach (float value in keys)
        {
            if (BitConverter.SingleToInt32Bits(value) != BitConverter.SingleToInt32Bits((byte)value)) return false;
        }

        return true;
    }
}
