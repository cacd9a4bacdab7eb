// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>One of the cursors that share the rows of another.</summary>
internal sealed class SplitCursor : DataViewRowCursor
{
    private readonly RowSplitter _splitter;
    private readonly RowBlock _block;
    private readonly bool[] _active;
    private int _row = -1;
    private long _batch;
    private bool _ended;
    private bool _closed;

    public SplitCursor(RowSplitter splitter, RowBlock block, bool[] active)
    {
        _splitter = splitter;
        _block = block;
        _active = active;
    }

    public override long Position => IsOnRow ? _block.GetPosition(_row) : -1;

    public override long Batch => _batch;

    public override DataViewSchema Schema => _splitter.Schema;

    private bool IsOnRow => !_ended && _row >= 0;

    public override bool MoveNext()
    {
        if (_ended)
            return false;
        if (++_row < _block.Count)
            return true;
        _batch = _splitter.Fill(_block);
        _row = 0;
        _ended = _block.Count == 0;
        return !_ended;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw Marked.WrongState();
        if (_block.GetColumn(column.Index) is not BlockColumn<TValue> values)
            throw Marked.WrongGetter(typeof(TValue), column.Type.RawType);
        return (ref TValue value) => values.Get(CheckedRow(), ref value);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = _block.GetId(CheckedRow());

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _ended = true;
            _closed = true;
            _splitter.Close();
        }

        base.Dispose(disposing);
    }

    private int CheckedRow() => IsOnRow ? _row : throw ColumnBuffer.NoRow();
}
