// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Some rows of a cursor, copied column by column.</summary>
internal sealed class RowBlock
{
    private readonly BlockColumn[] _columns;
    private readonly DataViewRowId[] _ids = new DataViewRowId[RowSplitter.BlockSize];
    private readonly long[] _positions = new long[RowSplitter.BlockSize];
    private readonly DataViewRowCursor _source;
    private readonly ValueGetter<DataViewRowId> _sourceId;

    private RowBlock(DataViewRowCursor source, BlockColumn[] columns)
    {
        _source = source;
        _sourceId = source.GetIdGetter();
        _columns = columns;
    }

    public int Count { get; private set; }

    public static RowBlock Create(DataViewRowCursor source, bool[] active)
    {
        var columns = new BlockColumn[active.Length];
        for (int i = 0; i < active.Length; i++)
        {
            if (active[i])
                columns[i] = BlockColumn.Create(source, source.Schema[i]);
        }

        return new RowBlock(source, columns);
    }

    public void Clear() => Count = 0;

    public void Add()
    {
        foreach (BlockColumn column in _columns)
            column?.Read(Count);
        _sourceId(ref _ids[Count]);
        _positions[Count] = _source.Position;
        Count++;
    }

    public DataViewRowId GetId(int row) => _ids[row];

    public long GetPosition(int row) => _positions[row];

    public BlockColumn GetColumn(int column) => _columns[column];
}
