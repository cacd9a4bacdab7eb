// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>One column of a block of rows.</summary>
internal abstract class BlockColumn
{
    private static readonly MethodInfo _create =
        typeof(BlockColumn).GetMethod(nameof(CreateOf), BindingFlags.NonPublic | BindingFlags.Static);

    public static BlockColumn Create(DataViewRow source, DataViewSchema.Column column) =>
        (BlockColumn)_create.MakeGenericMethod(column.Type.RawType).Invoke(null, [source, column]);

    public abstract void Read(int row);

    private static BlockColumn<TValue> CreateOf<TValue>(DataViewRow source, DataViewSchema.Column column) =>
        new(source.GetGetter<TValue>(column));
}
