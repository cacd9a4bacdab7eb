// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Reads a column of integers of any size, of Booleans or of keys.</summary>
internal static class IntegerReader
{
    /// <summary>
    /// Makes a function that gives the value of the row that the input stands on: 0 for a missing key, a negative
    /// number for a UInt64 that an Int64 does not hold.
    /// </summary>
    public static Func<long> Create(DataViewRow row, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        if (type == typeof(bool)) return Read(row.GetGetter<bool>(column), value => value ? 1 : 0);
        if (type == typeof(sbyte)) return Read(row.GetGetter<sbyte>(column), value => value);
        if (type == typeof(byte)) return Read(row.GetGetter<byte>(column), value => value);
        if (type == typeof(short)) return Read(row.GetGetter<short>(column), value => value);
        if (type == typeof(ushort)) return Read(row.GetGetter<ushort>(column), value => value);
        if (type == typeof(int)) return Read(row.GetGetter<int>(column), value => value);
        if (type == typeof(uint)) return Read(row.GetGetter<uint>(column), value => value);
        if (type == typeof(ulong)) return Read(row.GetGetter<ulong>(column), value => unchecked((long)value));
        return Read(row.GetGetter<long>(column), value => value);
    }

    private static Func<long> Read<T>(ValueGetter<T> getter, Func<T, long> widen)
    {
        T value = default!;
        return () =>
        {
            getter(ref value);
            return widen(value);
        };
    }
}
