// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Hosting;

/// <summary>The checks that every row of ours makes before it hands out a getter.</summary>
internal static class RowColumns
{
    public static void CheckActive(DataViewRow row, DataViewSchema.Column column)
    {
        if (row.IsColumnActive(column)) return;
        throw new ArgumentOutOfRangeException(
            nameof(column),
            $"Column '{column.Name}' must be active to be read. "
            + "Got an inactive column. Name it when the cursor is made.");
    }

    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column)
        => getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Column '{column.Name}' must be read as {column.Type.RawType}. Got {typeof(TValue)}.");
}
