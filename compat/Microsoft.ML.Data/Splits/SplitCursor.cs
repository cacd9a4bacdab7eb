// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;

namespace Microsoft.ML.Data;

/// <summary>Passes on the rows of a source cursor that belong to a split: their ids, with new positions.</summary>
internal sealed class SplitCursor : DataViewRowCursor
{
    private readonly SplitView _view;
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;
    private readonly Func<double> _place;

    private long _position = -1;

    public SplitCursor(SplitView view, DataViewRowCursor source, bool[] active, Func<double> place)
    {
        _view = view;
        _source = source;
        _active = active;
        _place = place;
    }

    public override long Position => _position;

    public override long Batch => _source.Batch;

    public override DataViewSchema Schema => _view.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? _source.GetGetter<TValue>(_view.SourceOf(column))
        : throw new InvalidOperationException();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    public override bool MoveNext()
    {
        while (_source.MoveNext())
        {
            if (!_view.Holds(_place()))
                continue;
            _position++;
            return true;
        }
        _position = -1;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
            _position = -1;
        }
        base.Dispose(disposing);
    }
}
