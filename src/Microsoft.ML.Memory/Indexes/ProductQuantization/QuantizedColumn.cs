// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Codes of rows, in groups of 64 with a group's bytes of the first subspace first: [groups, m, 64].</summary>
/// <remarks>
/// Written front to back by one thread, beside readers who know how many rows are theirs. Overwritten before its memory
/// is given back.
/// </remarks>
/// <param name="capacity">Rows there is room for.</param>
/// <param name="subspaceCount">m; 0 makes no room.</param>
internal sealed unsafe class QuantizedColumn(int capacity, int subspaceCount)
{
    public const int GroupRows = 64;

    private readonly NativeBuffer<byte> _codes = new((long)WordsOf(capacity) * GroupRows * subspaceCount);

    /// <summary>The codes; whoever reads there keeps the column alive.</summary>
    public byte* Pointer => _codes.Pointer;

    /// <summary>Gives the number of groups, and of words with a bit a row, for some rows.</summary>
    public static int WordsOf(int rows) => (int)(((long)rows + GroupRows - 1) / GroupRows);

    /// <summary>Copies the code of a row, [m].</summary>
    public void CopyTo(int row, Span<byte> code)
    {
        CopyTo(Pointer, row, code);
        GC.KeepAlive(this);
    }

    /// <summary>Copies the code of a row of a column, [m].</summary>
    public static void CopyTo(byte* codes, int row, Span<byte> code)
    {
        byte* first = codes + Start(row, code.Length);
        for (int subspace = 0; subspace < code.Length; subspace++) code[subspace] = first[subspace * GroupRows];
    }

    /// <summary>Sets the code of a row, [m].</summary>
    public void Set(int row, ReadOnlySpan<byte> code)
    {
        _codes.WillWrite((row / GroupRows + 1L) * GroupRows * subspaceCount);
        byte* first = Pointer + Start(row, subspaceCount);
        for (int subspace = 0; subspace < code.Length; subspace++) first[subspace * GroupRows] = code[subspace];
        GC.KeepAlive(this);
    }

    private static nint Start(int row, int subspaceCount) =>
        ((nint)(row / GroupRows) * GroupRows * subspaceCount) + (row % GroupRows);
}
