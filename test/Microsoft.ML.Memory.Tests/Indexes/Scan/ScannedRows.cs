// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Tests.Indexes;

/// <summary>Rows laid out as a snapshot's blocks: split anywhere, some of them removed.</summary>
internal sealed unsafe class ScannedRows : IDisposable
{
    private readonly List<nint> _held = [];
    private readonly ScanBlock[] _blocks;

    public ScannedRows(Metric metric, int d, float[] rows, int[] blockSizes, Func<int, bool>? isRemoved = null)
    {
        Metric = metric;
        Dimension = d;
        Rows = rows;
        Count = rows.Length / d;
        Removed = [.. Enumerable.Range(0, Count).Select(row => isRemoved?.Invoke(row) ?? false)];
        var blocks = new List<ScanBlock>();
        int position = 0;
        foreach (int size in blockSizes)
        {
            blocks.Add(Block(position, size, isRemoved != null));
            position += size;
        }

        Assert.AreEqual(Count, position);
        _blocks = [.. blocks];
    }

    public Metric Metric { get; }

    public int Dimension { get; }

    public float[] Rows { get; }

    public int Count { get; }

    public bool[] Removed { get; }

    public ReadOnlySpan<ScanBlock> Blocks => _blocks;

    public static long IdOf(int position) => 1_000_000_007L * position - 5;

    public static ScannedRows Whole(Metric metric, int d, float[] rows) => new(metric, d, rows, [rows.Length / d]);

    public int Search(float[] queries, int k, NeighborTable neighbors, int threads = 1, ScanWidth? width = null) =>
        ExactScan.Search(Blocks, Metric, Dimension, queries, k, neighbors, threads, width ?? ScanWidths.Best);

    public void RangeSearch(
        float[] queries,
        float largestDistance,
        NeighborTable neighbors,
        int threads = 1,
        ScanWidth? width = null,
        CodeKernel? codes = null) =>
        RangeScan.Search(
            Blocks,
            Metric,
            Dimension,
            queries,
            largestDistance,
            neighbors,
            threads,
            width ?? ScanWidths.Best,
            codes);

    public int SearchCodes(
        float[] queries, int k, NeighborTable neighbors, int threads = 1, CodeKernel? kernel = null) =>
        CodeScan.Search(
            Blocks, Metric, Dimension, queries, k, neighbors, threads, kernel ?? CodeKernels.Best);

    public void Dispose()
    {
        foreach (nint memory in _held) NativeMemory.Free((void*)memory);
    }

    private ScanBlock Block(int position, int size, bool hasRemoved)
    {
        float* rows = Copy<float>(Rows.AsSpan(position * Dimension, size * Dimension));
        var terms = new float[size];
        var ids = new long[size];
        var removed = new ulong[(size + 63) / 64];
        for (int row = 0; row < size; row++)
        {
            terms[row] = RowTerm.Of(Metric, Rows.AsSpan((position + row) * Dimension, Dimension));
            ids[row] = IdOf(position + row);
            if (Removed[position + row]) removed[row / 64] |= 1UL << (row % 64);
        }

        ulong* bits = hasRemoved ? Copy<ulong>(removed) : null;
        return new ScanBlock(rows, Copy<float>(terms), Copy<long>(ids), bits, size, position)
        {
            Codes = Codes(rows, size),
        };
    }

    private CodeBlock Codes(float* rows, int size)
    {
        int length = RowCode.LengthOf(Dimension);
        sbyte* codes = Copy<sbyte>(new sbyte[size * length]);
        RowCode* known = Copy<RowCode>(new RowCode[size]);
        for (int row = 0; row < size; row++)
            known[row] = RowCode.Of(rows + ((nint)row * Dimension), Dimension, codes + ((nint)row * length));
        return new CodeBlock(codes, known);
    }

    private T* Copy<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var memory = (T*)NativeMemory.Alloc((nuint)Math.Max(values.Length, 1), (nuint)sizeof(T));
        values.CopyTo(new Span<T>(memory, values.Length));
        _held.Add((nint)memory);
        return memory;
    }
}
