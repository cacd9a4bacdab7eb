// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>Moves down the rows of requests.</summary>
internal sealed class RowCursor(InputSchema schema, IReadOnlyList<Row> rows, bool[] active) : DataViewRowCursor
{
    private int _position = -1;

    public override DataViewSchema Schema => schema.Schema;

    public override long Position => _position < rows.Count ? _position : -1;

    public override long Batch => 0;

    public override bool MoveNext()
    {
        if (_position < rows.Count) _position++;
        return _position < rows.Count;
    }

    public override bool IsColumnActive(DataViewSchema.Column column)
        => column.Index < active.Length && active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => IsColumnActive(column)
            ? schema.Getter<TValue>(column, () => rows[_position].Values[column.Index])
            : throw new ArgumentOutOfRangeException(
                nameof(column), $"Column '{column.Name}' must be active to be read. Got one that is not.");

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
}
