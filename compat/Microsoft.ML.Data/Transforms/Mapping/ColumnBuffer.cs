// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Holds the value of one column of the current row.</summary>
internal abstract class ColumnBuffer
{
    private static readonly MethodInfo _create =
        typeof(ColumnBuffer).GetMethod(nameof(CreateOf), BindingFlags.NonPublic | BindingFlags.Static);

    public abstract Delegate Getter { get; }

    public abstract Type ValueType { get; }

    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, Func<bool> isOnRow) =>
        (ColumnBuffer)_create.MakeGenericMethod(column.Type.RawType).Invoke(null, [source, column, isOnRow]);

    public static InvalidOperationException NoRow() =>
        Marked.Operation("Cannot get value as the cursor is not in a good state");

    public abstract void Fill();

    private static ColumnBuffer<TValue> CreateOf<TValue>(
        DataViewRow source, DataViewSchema.Column column, Func<bool> isOnRow) =>
        new(source.GetGetter<TValue>(column), isOnRow);
}
