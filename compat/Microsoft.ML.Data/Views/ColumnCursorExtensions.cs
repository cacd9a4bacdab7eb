// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads one column as a sequence.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        HostErrors.CheckValue(null, data, nameof(data));
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        HostErrors.CheckValue(null, data, nameof(data));
        if (typeof(T) == column.Type.RawType)
            return Values<T>(data, column);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>>(data, column).Select(text => text.ToString());
        if (column.Type is VectorDataViewType vector)
        {
            if (typeof(T) == typeof(string[]) && vector.ItemType is TextDataViewType)
                return (IEnumerable<T>)Values<VBuffer<ReadOnlyMemory<char>>>(data, column).Select(TextArray);
            if (typeof(T) == vector.ItemType.RawType.MakeArrayType())
                return Generic.Call<IEnumerable<T>>(
                    typeof(ColumnCursorExtensions), nameof(Arrays), [vector.ItemType.RawType], data, column);
        }
        throw HostErrors.ExceptParam(null, nameof(column), $"Cannot map column (name: {column.Name}, " +
            $"type: {column.Type}) in data to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T> Values<T>(IDataView data, DataViewSchema.Column column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        while (cursor.MoveNext())
        {
            T value = default;
            getter(ref value);
            yield return value;
        }
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column) =>
        Values<VBuffer<T>>(data, column).Select(buffer =>
        {
            T[] array = new T[buffer.Length];
            buffer.CopyTo(array);
            return array;
        });

    private static string[] TextArray(VBuffer<ReadOnlyMemory<char>> buffer) =>
        [.. buffer.DenseValues().Select(text => text.ToString())];
}
