// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads ids from a column of Int64, Int32 or UInt32.</summary>
internal static class IdReader
{
    /// <summary>The types that a column of ids may have.</summary>
    public static IReadOnlyList<DataViewType> Types { get; } =
        [NumberDataViewType.Int64, NumberDataViewType.Int32, NumberDataViewType.UInt32];

    /// <summary>Finds a column of ids.</summary>
    /// <exception cref="ArgumentException">The column is missing or of another type.</exception>
    public static DataViewSchema.Column Column(DataViewSchema schema, string name)
        => Columns.OfType(schema, name, [.. Types]);

    /// <summary>Makes a function that gives the id of the row that the input stands on.</summary>
    public static Func<long> Create(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Int32) return Read(row.GetGetter<int>(column), value => value);
        if (column.Type == NumberDataViewType.UInt32) return Read(row.GetGetter<uint>(column), value => value);
        return Read(row.GetGetter<long>(column), value => value);

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
