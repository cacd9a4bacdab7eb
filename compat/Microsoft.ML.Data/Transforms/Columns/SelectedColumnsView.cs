// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A view with some of the columns of another.</summary>
internal sealed class SelectedColumnsView : IDataView
{
    private readonly IDataView _source;
    private readonly ColumnSelection _selection;

    public SelectedColumnsView(IDataView source, ColumnSelection selection)
    {
        _source = source;
        _selection = selection;
    }

    public DataViewSchema Schema => _selection.OutputSchema;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. Marked.NotNull(columnsNeeded, nameof(columnsNeeded))];
        DataViewRowCursor cursor = _source.GetRowCursor(_selection.GetDependencies(needed), rand);
        return new SelectedColumnsCursor(_selection, cursor);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. Marked.NotNull(columnsNeeded, nameof(columnsNeeded))];
        DataViewRowCursor[] cursors = _source.GetRowCursorSet(_selection.GetDependencies(needed), n, rand);
        return Array.ConvertAll(cursors, cursor => (DataViewRowCursor)new SelectedColumnsCursor(_selection, cursor));
    }
}
