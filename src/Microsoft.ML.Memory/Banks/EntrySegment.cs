// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Room for a number of entries, column by column; keys are row-major [capacity, d].</summary>
/// <remarks>
/// Written once, front to back, by the one bank that made it. A reader that knows the first n rows may read them while
/// the writer fills the rest.
/// </remarks>
internal sealed unsafe class EntrySegment(int dimension, int capacity)
{
    private readonly float[] _terms = GC.AllocateArray<float>(capacity, pinned: true);
    private readonly CodeColumn _codes = new(dimension, capacity);
    private readonly long[] _ids = GC.AllocateArray<long>(capacity, pinned: true);

    public NativeBuffer<float> Keys { get; } = new((long)capacity * dimension);



    public Span<float> Terms => _terms;

    public Span<long> Ids => _ids;

    public long[] Sequences { get; } = new long[capacity];

    public int[] Labels { get; } = new int[capacity];

    public float[] Weights { get; } = new float[capacity];

    public EntryOrigin[] Origins { get; } = new EntryOrigin[capacity];

    public int Capacity => capacity;

    /// <summary>Gives one key; the caller keeps the segment alive.</summary>
    public ReadOnlySpan<float> KeyOf(int row) => Keys.Slice((long)row * dimension, dimension);

    /// <summary>Gives the keys of rows as one flat span; the caller keeps the segment alive.</summary>
    public ReadOnlySpan<float> KeysOf(int row, int count) => Keys.Slice((long)row * dimension, count * dimension);

    /// <summary>Gives the keys of rows to write; the caller keeps the segment alive.</summary>
    public Span<float> WriteKeys(int row, int count) => Keys.Write((long)row * dimension, count * dimension);

    /// <summary>
    /// Describes the first <paramref name="count"/> rows to a scan; the arrays are pinned, so pointers hold.
    /// </summary>
    public ScanBlock Block(int count, ulong[]? removed, int position) => new(
        Keys.Pointer, Pin(_terms), Pin(_ids), removed is null ? null : Pin(removed), count, position);

    /// <summary>Gives the 8-bit codes of the first <paramref name="count"/> rows, made where they are not yet.</summary>
    public CodeBlock CodesOf(int count, int threadCount) => _codes.Get(Keys, count, threadCount);

    /// <summary>Copies one row of another segment to a row of this one.</summary>
    public void CopyRow(int row, EntrySegment source, int sourceRow)
    {
        source.KeyOf(sourceRow).CopyTo(WriteKeys(row, 1));
        Terms[row] = source.Terms[sourceRow];
        Ids[row] = source.Ids[sourceRow];
        Sequences[row] = source.Sequences[sourceRow];
        Labels[row] = source.Labels[sourceRow];
        Weights[row] = source.Weights[sourceRow];
        Origins[row] = source.Origins[sourceRow];
        GC.KeepAlive(source);
        GC.KeepAlive(this);
    }

    private static T* Pin<T>(T[] array)
        where T : unmanaged
        => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
}
