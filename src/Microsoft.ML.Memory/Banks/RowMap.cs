// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Finds rows of a segment by id, where ids do not ascend; filled when asked, shared by all snapshots.
/// </summary>
/// <remarks>An id may come twice, removed and added again: the later row counts for whoever sees it.</remarks>
internal sealed class RowMap(int capacity)
{
    private const int None = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, int> _rows = [];
    private int[]? _earlier;
    private int _count;

    /// <summary>Finds the last of the first <paramref name="count"/> rows that has an id.</summary>
    public bool TryFind(ReadOnlySpan<long> ids, long id, int count, out int row)
    {
        lock (_gate)
        {
            for (; _count < count; _count++) Add(ids[_count], _count);
            if (!_rows.TryGetValue(id, out row)) return false;
            while (row >= count && row != None) row = _earlier is null ? None : _earlier[row];
            return row != None;
        }
    }

    private void Add(long id, int row)
    {
        if (_rows.TryGetValue(id, out int before))
        {
            _earlier ??= NewEarlier();
            _earlier[row] = before;
        }

        _rows[id] = row;
    }

    private int[] NewEarlier()
    {
        var earlier = new int[capacity];
        Array.Fill(earlier, None);
        return earlier;
    }
}
