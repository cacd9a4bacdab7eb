// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads ids from a column of Int64, Int32, UInt32 or UInt64.</summary>
internal static class IdReader
{
    /// <summary>The types that a column of ids may have.</summary>
    public static IReadOnlyList<DataViewType> Types { get; } =
    [
        NumberDataViewType.Int64, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.UInt64,
    ];

    /// <summary>Finds a column of ids.</summary>
    /// <exception cref="ArgumentException">The column is missing or of another type.</exception>
    public static DataViewSchema.Column Column(DataViewSchema schema, string name)
        => Columns.OfType(schema, name, [.. Types]);

    /// <summary>Makes a function that gives the id of the row that the input stands on.</summary>
    /// <remarks>It throws <see cref="InvalidOperationException"/> for one of UInt64 that Int64 does not hold.</remarks>
    public static Func<long> Create(DataViewRow row, DataViewSchema.Column column)
    {
        Func<long> integer = IntegerReader.Create(row, column);
        if (column.Type != NumberDataViewType.UInt64) return integer;
        return () => integer() is var id && id >= 0
            ? id
            : throw new InvalidOperationException(
                $"The id of row {row.Position} must be at most {long.MaxValue}. Got {(ulong)id}. "
                + "Number the rows anew.");
    }
}
