// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What is kept of the stored rows beside their features: ids, in the order of adding, and columns.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class StoredRows
{
    private readonly long[] _ids;
    private readonly bool _ascend;
    private Dictionary<long, int>? _rows;

    public StoredRows(long[] ids, IReadOnlyList<StoredColumn> columns)
    {
        _ids = ids;
        Columns = columns;
        _ascend = true;
        for (int row = 1; row < ids.Length; row++) _ascend &= ids[row] > ids[row - 1];
    }

    public IReadOnlyList<StoredColumn> Columns { get; }

    public ReadOnlySpan<long> Ids => _ids;

    /// <summary>Gives the number of the row with an id, which is stored.</summary>
    public int RowOf(long id)
    {
        if (_ascend) return Array.BinarySearch(_ids, id);
        _rows ??= Enumerable.Range(0, _ids.Length).ToDictionary(row => _ids[row]);
        return _rows[id];
    }

    /// <summary>Gives the rows that are left without some ids.</summary>
    public StoredRows Without(ReadOnlySpan<long> ids)
    {
        HashSet<long> gone = [.. ids];
        int[] kept = [.. Enumerable.Range(0, _ids.Length).Where(row => !gone.Contains(_ids[row]))];
        return new StoredRows(
            Array.ConvertAll(kept, row => _ids[row]), [.. Columns.Select(column => column.Keep(kept))]);
    }
}
