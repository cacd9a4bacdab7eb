// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>
/// A cursor that computes all active columns of a row as it moves there, as the host's read-ahead does: an exception of
/// a column surfaces in MoveNext, wrapped, and values outside of a row cannot be read.
/// </summary>
internal sealed class BufferedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly ColumnBuffer[] _buffers;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private DataViewRowId _id;
    private long _position = -1;
    private bool _ended;

    public BufferedCursor(DataViewRowCursor source, bool[] active)
    {
        _source = source;
        _buffers = new ColumnBuffer[active.Length];
        for (int i = 0; i < active.Length; i++)
        {
            if (active[i])
                _buffers[i] = ColumnBuffer.Create(source, source.Schema[i], () => _position >= 0);
        }

        _sourceId = source.GetIdGetter();
    }

    public override long Position => _position;

    public override long Batch => _source.Batch;

    public override DataViewSchema Schema => _source.Schema;

    public override bool MoveNext()
    {
        if (_ended)
            return false;
        try
        {
            if (ReadNext())
            {
                _position++;
                return true;
            }
        }
        catch (Exception exception)
        {
            End();
            throw Marked.Operation(
                "Splitter/consolidator worker encountered exception while consuming source data", exception);
        }

        End();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _source.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw Marked.WrongState();
        ColumnBuffer buffer = _buffers[column.Index];
        return buffer.Getter as ValueGetter<TValue> ?? throw Marked.WrongGetter(typeof(TValue), buffer.ValueType);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        value = _position >= 0 ? _id : throw ColumnBuffer.NoRow();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool ReadNext()
    {
        if (!_source.MoveNext())
            return false;
        foreach (ColumnBuffer buffer in _buffers)
            buffer?.Fill();
        _sourceId(ref _id);
        return true;
    }

    private void End()
    {
        _ended = true;
        _position = -1;
    }
}
