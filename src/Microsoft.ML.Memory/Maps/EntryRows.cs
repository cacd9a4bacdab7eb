// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The entries of a memory as rows, in the order in which they were added.</summary>
internal sealed class EntryRows
{
    private readonly int[] _positions;
    private readonly long[] _ids;

    /// <summary>Counts the entries; 12 bytes each.</summary>
    public EntryRows(BankSnapshot memory)
    {
        Memory = memory;
        _positions = new int[memory.Count];
        _ids = new long[memory.Count];
        int row = 0;
        foreach (Entry entry in memory.Entries)
        {
            _positions[row] = entry.Position;
            _ids[row++] = entry.Id;
        }
    }

    public BankSnapshot Memory { get; }

    public int Count => _positions.Length;

    /// <summary>Position of each row, ascending.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    public ReadOnlySpan<long> Ids => _ids;

    /// <summary>Gives the row of each position; -1 for those of removed entries.</summary>
    public int[] RowsByPosition()
    {
        int[] rows = new int[Memory.PositionCount];
        rows.AsSpan().Fill(-1);
        for (int row = 0; row < Count; row++) rows[_positions[row]] = row;
        return rows;
    }
}
