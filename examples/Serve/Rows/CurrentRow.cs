// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>A row of ML.NET over whatever row was put into it last, for models that are asked row by row.</summary>
internal sealed class CurrentRow(InputSchema schema) : DataViewRow
{
    private Row? _row;
    private long _position = -1;

    public override DataViewSchema Schema => schema.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    public void Set(Row row)
    {
        _row = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < Schema.Count;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => schema.Getter<TValue>(column, () => _row?.Values[column.Index]);

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
}
