// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.RowMapping;

/// <summary>A view with the added columns, computed as they are read.</summary>
internal sealed class MappedView(IDataView source, ColumnMapping mapping) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] isActive = new bool[Schema.Count];
        DataViewSchema.Column[] inputs = mapping.InputsFor(columnsNeeded, isActive);
        return new MappedCursor(source.GetRowCursor(inputs, rand), mapping, isActive);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        bool[] isActive = new bool[Schema.Count];
        DataViewSchema.Column[] inputs = mapping.InputsFor(columnsNeeded, isActive);
        return Array.ConvertAll(
            source.GetRowCursorSet(inputs, n, rand),
            DataViewRowCursor (cursor) => new MappedCursor(cursor, mapping, isActive));
    }
}
