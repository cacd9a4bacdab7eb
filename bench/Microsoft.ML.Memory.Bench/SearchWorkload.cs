// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Random rows and queries, laid out as a bank does.</summary>
internal sealed unsafe class SearchWorkload : IDisposable
{
    private const int BlockRows = 8192;

    private readonly float* _rows;
    private readonly float* _terms;
    private readonly long* _ids;
    private readonly sbyte* _codes;
    private readonly RowCode* _coded;
    private readonly ScanBlock[] _blocks;
    private readonly NeighborTable _neighbors = new();

    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="queryCount">Number of queries.</param>
    /// <param name="lengthOfFirst">The first row is so many times as long as the others.</param>
    /// <param name="offset">Values lie within 1 of it.</param>
    public SearchWorkload(
        Metric metric, int rowCount, int dimension, int queryCount, float lengthOfFirst = 1, float offset = 0)
    {
        Metric = metric;
        RowCount = rowCount;
        Dimension = dimension;
        _rows = (float*)LargePages.Allocate((nuint)rowCount * (nuint)dimension * sizeof(float));
        _terms = (float*)NativeMemory.Alloc((nuint)rowCount, sizeof(float));
        _ids = (long*)NativeMemory.Alloc((nuint)rowCount, sizeof(long));
        int length = RowCode.LengthOf(dimension);
        _codes = (sbyte*)LargePages.Allocate((nuint)rowCount * (nuint)length);
        _coded = (RowCode*)NativeMemory.Alloc((nuint)rowCount, (nuint)sizeof(RowCode));
        var random = new Random(1);
        for (int row = 0; row < rowCount; row++)
        {
            var values = new Span<float>(_rows + ((nint)row * dimension), dimension);
            Fill(values, random, offset);
            if (row == 0) TensorPrimitives.Multiply(values, lengthOfFirst, values);
            _terms[row] = RowTerm.Of(metric, values);
            _ids[row] = row;
            fixed (float* value = values) _coded[row] = RowCode.Of(value, dimension, _codes + ((nint)row * length));
        }

        Queries = new float[queryCount * dimension];
        Fill(Queries, random, offset);
        var blocks = new List<ScanBlock>();
        for (int row = 0; row < rowCount; row += BlockRows)
        {
            int count = Math.Min(BlockRows, rowCount - row);
            blocks.Add(new ScanBlock(_rows + ((nint)row * dimension), _terms + row, _ids + row, null, count, row)
            {
                Codes = new CodeBlock(_codes + ((nint)row * length), _coded + row),
            });
        }

        _blocks = [.. blocks];
    }

    public Metric Metric { get; }

    public int RowCount { get; }

    public int Dimension { get; }

    public float[] Queries { get; }

    public float* Rows => _rows;

    public long ValueCount => (long)RowCount * Dimension;

    /// <summary>
    /// Searches for the first <paramref name="queryCount"/> queries; gives how many were not certified.
    /// </summary>
    public int Search(int queryCount, int k, int threads, ScanWidth width) => ExactScan.Search(
        _blocks, Metric, Dimension, Queries.AsSpan(0, queryCount * Dimension), k, _neighbors, threads, width);

    /// <summary>The same through 8-bit codes; gives how many rows were re-scored.</summary>
    public long SearchCodes(int queryCount, int k, int threads, CodeKernel kernel)
    {
        CodeScan.Search(
            _blocks, Metric, Dimension, Queries.AsSpan(0, queryCount * Dimension), k, _neighbors, threads, kernel);
        return _neighbors.RescoredCount;
    }

    /// <summary>
    /// Searches for all rows within a distance, through 8-bit codes if there is a kernel; gives how many there are.
    /// </summary>
    public long RangeSearch(int queryCount, float distance, int threads, CodeKernel? codes = null)
    {
        ReadOnlySpan<float> queries = Queries.AsSpan(0, queryCount * Dimension);
        RangeScan.Search(_blocks, Metric, Dimension, queries, distance, _neighbors, threads, ScanWidths.Best, codes);
        return Enumerable.Range(0, queryCount).Sum(query => (long)_neighbors.CountOf(query));
    }

    /// <summary>Gives the distance of the k-th neighbour of the median query.</summary>
    public float MedianDistance(int queryCount, int k)
    {
        Search(queryCount, k, 1, ScanWidths.Best);
        float[] distances = [.. Enumerable.Range(0, queryCount).Select(query => _neighbors.DistancesOf(query)[^1])];
        return distances.Order().ElementAt(queryCount / 2);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_codes);
        NativeMemory.Free(_coded);
        NativeMemory.AlignedFree(_rows);
        NativeMemory.Free(_terms);
        NativeMemory.Free(_ids);
    }

    private static void Fill(Span<float> values, Random random, float offset)
    {
        for (int i = 0; i < values.Length; i++) values[i] = offset + (random.NextSingle() * 2) - 1;
    }
}
