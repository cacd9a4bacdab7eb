// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;

namespace MemoryServe;

/// <summary>Rows of requests as a view of ML.NET, in the model's own input schema.</summary>
internal sealed class RowView(InputSchema schema, IReadOnlyList<Row> rows) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema.Schema;

    public long? GetRowCount() => rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            if (column.Index < active.Length) active[column.Index] = true;
        }

        return new RowCursor(schema, rows, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];
}
