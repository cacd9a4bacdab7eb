// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A row with some of the columns of another.</summary>
internal sealed class SelectedColumnsRow : DataViewRow
{
    private readonly ColumnSelection _selection;
    private readonly DataViewRow _source;
    private readonly ActiveColumns _active;

    public SelectedColumnsRow(ColumnSelection selection, DataViewRow source, ActiveColumns active)
    {
        _selection = selection;
        _source = source;
        _active = active;
    }

    public override long Position => _source.Position;

    public override long Batch => _source.Batch;

    public override DataViewSchema Schema => _selection.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? _source.GetGetter<TValue>(_selection.SourceOf(column))
        : throw Marked.WrongState();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }
}
