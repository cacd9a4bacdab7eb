// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Rows of a quantised index: ids, codes once there are codebooks, vectors where they are kept.</summary>
/// <remarks>
/// A block is appended to beside readers, who know from their snapshot how many rows are theirs. Codes and vectors are
/// overwritten before their memory is given back.
/// </remarks>
internal sealed unsafe class QuantizedBlock
{
    private const int GroupRows = QuantizedColumn.GroupRows;
    private const int MostRows = 4096;
    private const int MostBytes = 16 << 20;

    private readonly NativeBuffer<float> _vectors;
    private readonly int _dimension;

    /// <param name="start">Position of the first row.</param>
    /// <param name="capacity">Rows there is room for.</param>
    /// <param name="subspaceCount">m; 0 makes no room for codes.</param>
    /// <param name="dimension">d; 0 makes no room for vectors.</param>
    public QuantizedBlock(int start, int capacity, int subspaceCount, int dimension)
    {
        Start = start;
        Capacity = capacity;
        Ids = GC.AllocateUninitializedArray<long>(capacity, pinned: true);
        Codes = new QuantizedColumn(capacity, subspaceCount);
        _vectors = new NativeBuffer<float>((long)capacity * dimension);
        _dimension = dimension;
    }

    public int Start { get; }

    public int Capacity { get; }

    /// <summary>[capacity] ids, pinned.</summary>
    public long[] Ids { get; }

    public QuantizedColumn Codes { get; }

    /// <summary>[capacity, d] vectors, null where they are not kept; whoever reads there keeps the block alive.
    /// </summary>
    public float* Vectors => _dimension == 0 ? null : _vectors.Pointer;

    /// <summary>Gives the rows of the next block after some rows: blocks grow with the index up to a limit.</summary>
    public static int CapacityAfter(int rows, int dimension)
    {
        int most = Math.Max(1, MostBytes / sizeof(float) / dimension);
        return Math.Min(Math.Clamp(rows / GroupRows * GroupRows, GroupRows, MostRows), most);
    }

    public void CopyVector(int row, Span<float> vector)
    {
        _vectors.Slice((long)row * _dimension, _dimension).CopyTo(vector);
        GC.KeepAlive(this);
    }

    public void SetVector(int row, ReadOnlySpan<float> vector)
    {
        vector.CopyTo(_vectors.Write((long)row * _dimension, _dimension));
        GC.KeepAlive(this);
    }
}
