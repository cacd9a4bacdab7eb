// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Room for a number of entries, column by column: keys, row-major [capacity, d], or their codes, or both.
/// </summary>
/// <remarks>
/// Written once, front to back, by the one bank that made it. A reader that knows the first n rows may read them while
/// the writer fills the rest.
/// </remarks>
/// <param name="dimension">Length d of a key.</param>
/// <param name="capacity">Rows that there is room for.</param>
/// <param name="owner">Stands for the bank that made it; null where it was read from a file.</param>
/// <param name="quantizer">What keys are coded by; null where they are not.</param>
internal sealed unsafe class EntrySegment(
    int dimension, int capacity, object? owner, BankQuantizer? quantizer = null)
{
    private const long LargestBytes = 256L << 20;

    private readonly float[] _terms = GC.AllocateArray<float>(KeysIn(capacity, quantizer), pinned: true);
    private readonly RowMap _map = new(capacity);
    private readonly CodeColumn _codes = new(dimension, capacity);
    private readonly long[] _ids = GC.AllocateArray<long>(capacity, pinned: true);
    private int _ascending; // rows at the front whose ids ascend

    /// <summary>[capacity, d]; there is nothing where <see cref="HasKeys"/> is false.</summary>
    public NativeBuffer<float> Keys { get; } = new((long)KeysIn(capacity, quantizer) * dimension);

    /// <summary>Whether the keys are there, and not their codes alone.</summary>
    public bool HasKeys => quantizer?.KeepsKeys != false;

    /// <summary>The codes of the keys; null where they are not coded.</summary>
    public QuantizedColumn? Quantized { get; } =
        quantizer is null ? null : new QuantizedColumn(capacity, quantizer.CodeBytes);

    public Span<float> Terms => _terms;

    public ReadOnlySpan<long> Ids => _ids;

    public long[] Sequences { get; } = new long[capacity];

    public int[] Labels { get; } = new int[capacity];

    public float[] Weights { get; } = new float[capacity];

    public EntryOrigin[] Origins { get; } = new EntryOrigin[capacity];

    public RowsByLabel RowsByLabel { get; } = new();

    public int Capacity => capacity;

    /// <summary>Gives the rows of the largest segment.</summary>
    public static int MostRows(int dimension, BankQuantizer? quantizer) =>
        (int)Math.Max(1, LargestBytes / BankQuantizer.KeyBytes(dimension, quantizer));

    /// <summary>Says whether a bank made this segment.</summary>
    public bool IsOf(object bank) => ReferenceEquals(owner, bank);

    /// <summary>Finds the last of the first <paramref name="count"/> rows that has an id, removed or not.</summary>
    public bool TryFind(long id, int count, out int row)
    {
        ReadOnlySpan<long> ids = _ids.AsSpan(0, count);
        if (_ascending < count) return _map.TryFind(ids, id, count, out row);
        row = ids.BinarySearch(id);
        return row >= 0;
    }

    /// <summary>Copies one key as it was given or, where only its code is there, what that stands for.</summary>
    public void CopyKey(int row, Span<float> key)
    {
        if (HasKeys) KeyOf(row).CopyTo(key);
        else quantizer!.Decode(Quantized!, row, key);
        GC.KeepAlive(this);
    }

    /// <summary>Gives one key; the caller keeps the segment alive.</summary>
    public ReadOnlySpan<float> KeyOf(int row) => Keys.Slice((long)row * dimension, dimension);

    /// <summary>Gives the keys of rows as one flat span; the caller keeps the segment alive.</summary>
    public ReadOnlySpan<float> KeysOf(int row, int count) => Keys.Slice((long)row * dimension, count * dimension);

    /// <summary>Gives the keys of rows to write; the caller keeps the segment alive.</summary>
    public Span<float> WriteKeys(int row, int count) => Keys.Write((long)row * dimension, count * dimension);

    /// <summary>
    /// Describes a view of this segment to a scan; the arrays are pinned, so pointers hold.
    /// </summary>
    public ScanBlock Block(in SegmentView view, int position) => new(
        HasKeys ? Keys.Pointer : null, Pin(_terms), Pin(_ids), Pin(view.Removed?.Bits), view.Count, position)
    {
        RemovedAt = Pin(view.Removed?.Marks),
        Version = view.Version,
        Quantized = Quantized is null ? null : Quantized.Pointer,
    };

    /// <summary>
    /// Gives the 8-bit codes of the first <paramref name="count"/> rows, made where they are not yet.
    /// </summary>
    public CodeBlock CodesOf(int count, int threadCount) => _codes.Get(Keys, count, threadCount);

    /// <summary>Sets the id of the next row; the rows before have theirs.</summary>
    public void SetId(int row, long id)
    {
        _ids[row] = id;
        _ascending = Math.Min(_ascending, row); // an addition that failed may have been farther
        if (_ascending == row && (row == 0 || id > _ids[row - 1])) _ascending = row + 1;
    }

    /// <summary>Copies one row of another segment to a row of this one, with what both have of key and code.</summary>
    public void CopyRow(int row, EntrySegment source, int sourceRow)
    {
        if (HasKeys)
        {
            source.KeyOf(sourceRow).CopyTo(WriteKeys(row, 1));
            Terms[row] = source.Terms[sourceRow];
        }

        if (Quantized is not null && source.Quantized is not null) CopyCode(row, source.Quantized, sourceRow);
        SetId(row, source.Ids[sourceRow]);
        Sequences[row] = source.Sequences[sourceRow];
        Labels[row] = source.Labels[sourceRow];
        Weights[row] = source.Weights[sourceRow];
        Origins[row] = source.Origins[sourceRow];
        GC.KeepAlive(source);
        GC.KeepAlive(this);
    }

    private void CopyCode(int row, QuantizedColumn source, int sourceRow)
    {
        Span<byte> code = stackalloc byte[quantizer!.CodeBytes];
        source.CopyTo(sourceRow, code);
        Quantized!.Set(row, code);
    }

    private static int KeysIn(int capacity, BankQuantizer? quantizer) => quantizer?.KeepsKeys == false ? 0 : capacity;

    private static T* Pin<T>(T[]? array)
        where T : unmanaged
        => array is null ? null : (T*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
}
