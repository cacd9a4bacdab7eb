// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a view, in memory, by row and by column.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Schema = data.Schema;
        List<object[]> rows = [];
        using (DataViewRowCursor cursor = data.GetRowCursor(Schema))
        {
            Func<object>[] getters = [.. Schema.Select(column => Generic.Call<Func<object>>(
                typeof(DataDebuggerPreview), nameof(Boxed), [column.Type.RawType], cursor, column))];
            while (rows.Count < maxRows && cursor.MoveNext())
                rows.Add([.. getters.Select(getter => getter())]);
        }
        RowView = [.. rows.Select(row => new RowInfo(
            [.. Schema.Select(column => KeyValuePair.Create(column.Name, row[column.Index]))]))];
        ColumnView = [.. Schema.Select(column => new ColumnInfo(column, [.. rows.Select(row => row[column.Index])]))];
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private static Func<object> Boxed<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }

    /// <summary>A column and its values.</summary>
    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        public DataViewSchema.Column Column { get; }

        public object[] Values { get; }

        public override string ToString() => Column.ToString();
    }

    /// <summary>A row: the names of the columns and its values.</summary>
    public sealed class RowInfo
    {
        internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }
}
