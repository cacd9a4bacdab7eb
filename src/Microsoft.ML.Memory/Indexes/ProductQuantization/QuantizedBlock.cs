// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Rows of a quantised index: ids, codes once there are codebooks, vectors where they are kept.</summary>
/// <remarks>
/// A block is appended to beside readers, who know from their snapshot how many rows are theirs. Codes lie in groups of
/// 64 rows, a group's bytes of the first subspace first: [groups, m, 64]. Codes and vectors are overwritten before
/// their memory is given back.
/// </remarks>
internal sealed unsafe class QuantizedBlock
{
    public const int GroupRows = 64;
    private const int MostRows = 4096;
    private const int MostBytes = 16 << 20;

    private readonly NativeBuffer<byte> _codes;
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
        Ids = new long[capacity];
        _codes = new NativeBuffer<byte>((long)WordsOf(capacity) * GroupRows * subspaceCount);
        _vectors = new NativeBuffer<float>((long)capacity * dimension);
        _codes.WillWrite((long)WordsOf(capacity) * GroupRows * subspaceCount);
        _dimension = dimension;
    }

    public int Start { get; }

    public int Capacity { get; }

    public long[] Ids { get; }

    /// <summary>The codes; whoever reads there keeps the block alive.</summary>
    public byte* Codes => _codes.Pointer;

    /// <summary>[capacity, d] vectors where there is room; whoever reads there keeps the block alive.</summary>
    public float* Vectors => _vectors.Pointer;

    public bool HasVectors => _dimension > 0;

    /// <summary>Gives the rows of the next block after some rows: blocks grow with the index up to a limit.</summary>
    public static int CapacityAfter(int rows, int dimension)
    {
        int most = Math.Max(1, MostBytes / sizeof(float) / dimension);
        return Math.Min(Math.Clamp(rows / GroupRows * GroupRows, GroupRows, MostRows), most);
    }

    /// <summary>Gives the number of groups, and of words with a bit a row, for some rows.</summary>
    public static int WordsOf(int rows) => (rows + GroupRows - 1) / GroupRows;

    /// <summary>Gives where a byte of a code is.</summary>
    public static int CodeAt(int row, int subspace, int subspaceCount)
        => ((((row / GroupRows) * subspaceCount) + subspace) * GroupRows) + (row % GroupRows);

    public void CopyCode(int row, Span<byte> code)
    {
        for (int subspace = 0; subspace < code.Length; subspace++)
            code[subspace] = Codes[CodeAt(row, subspace, code.Length)];
        GC.KeepAlive(this);
    }

    public void SetCode(int row, ReadOnlySpan<byte> code)
    {
        for (int subspace = 0; subspace < code.Length; subspace++)
            Codes[CodeAt(row, subspace, code.Length)] = code[subspace];
        GC.KeepAlive(this);
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
