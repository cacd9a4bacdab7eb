// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A cursor over some of the columns of another.</summary>
internal sealed class SelectedColumnsCursor : DataViewRowCursor
{
    private readonly ColumnSelection _selection;
    private readonly DataViewRowCursor _source;

    public SelectedColumnsCursor(ColumnSelection selection, DataViewRowCursor source)
    {
        _selection = selection;
        _source = source;
    }

    public override long Position => _source.Position;

    public override long Batch => _source.Batch;

    public override DataViewSchema Schema => _selection.OutputSchema;

    public override bool MoveNext() => _source.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        _source.IsColumnActive(_selection.SourceOf(column));

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        _source.GetGetter<TValue>(_selection.SourceOf(column));

    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }
}
