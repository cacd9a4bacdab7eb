// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Reads the classes of a column as values that can be compared with those of another column.</summary>
/// <remarks>
/// A key stands for its key value, or for its number where it has none; any other label column holds the values
/// themselves. So labels compare with predictions whatever a pipeline mapped to keys, or back.
/// </remarks>
internal static class ClassValues
{
    private const string NumberedKey = "a key without values";

    /// <summary>Names the type of the classes of a column; columns with equal names can be compared.</summary>
    /// <exception cref="ArgumentException">The column is of a type that is no label.</exception>
    public static string TypeOf(DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType)
            return ClassTable.OfKeyColumn(column).ValueType is { } values ? $"{values}" : NumberedKey;
        return LabelValues.IsSupported(column.Type)
            ? $"{column.Type}"
            : throw new ArgumentException(
                $"Column '{column.Name}' must be a key, a text, a number, a boolean, a date or a time span. "
                + $"Got {column.Type}.");
    }

    /// <summary>Makes a reader of the class of the current row; null where it is missing.</summary>
    public static Func<object?> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        Func<object> read = LabelValues.Reader(row, column);
        if (column.Type is not KeyDataViewType)
            return () => read() is var value && value is "" or float.NaN or double.NaN ? null : value;

        ClassTable classes = ClassTable.OfKeyColumn(column);
        return () =>
        {
            ulong key = Convert.ToUInt64(read(), System.Globalization.CultureInfo.InvariantCulture);
            if (key == 0) return null;
            return classes.Values is { } values ? values[checked((int)(key - 1))] : key;
        };
    }
}
