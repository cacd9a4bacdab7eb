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
        if (column.Type == NumberDataViewType.Int32) return Read(row.GetGetter<int>(column), value => value);
        if (column.Type == NumberDataViewType.UInt32) return Read(row.GetGetter<uint>(column), value => value);
        if (column.Type == NumberDataViewType.UInt64) return Read(row.GetGetter<ulong>(column), RequireLong);
        return Read(row.GetGetter<long>(column), value => value);

        long RequireLong(ulong value) => value <= long.MaxValue
            ? (long)value
            : throw new InvalidOperationException(
                $"The id of row {row.Position} must be at most {long.MaxValue}. Got {value}. Number the rows anew.");

        static Func<long> Read<T>(ValueGetter<T> getter, Func<T, long> widen)
        {
            T value = default!;
            return () =>
            {
                getter(ref value);
                return widen(value);
            };
        }
    }
}
