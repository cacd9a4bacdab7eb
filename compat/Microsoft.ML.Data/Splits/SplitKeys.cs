// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Chooses how the rows of a view find their places.</summary>
internal static class SplitKeys
{
    public static ISplitKey Of(IDataView data, string samplingKeyColumn, int seed)
    {
        if (samplingKeyColumn == null)
            return new RowNumberKey(seed);
        DataViewSchema.Column column = data.Schema.GetColumnOrNull(samplingKeyColumn)
            ?? throw HostErrors.ExceptParam(null,
                nameof(samplingKeyColumn), $"Could not find SamplingKeyColumn column '{samplingKeyColumn}'");
        return column.Type switch
        {
            KeyDataViewType key => OfKey(column, key),
            NumberDataViewType when column.Type.RawType == typeof(float) => OfNumbers<float>(data, column, v => v),
            NumberDataViewType when column.Type.RawType == typeof(double) => OfNumbers<double>(data, column, v => v),
            _ => Hashed(column, seed),
        };
    }

    // Key k of n sits in the middle of the k-th of n equal parts; a missing key has no place.
    private static ISplitKey OfKey(DataViewSchema.Column column, KeyDataViewType type)
    {
        double count = type.Count;
        double Place(ulong key) => key == 0 ? double.NaN : (key - 0.5) / count;
        if (type.RawType == typeof(byte))
            return new OrderedKey<byte>(column, v => Place(v));
        if (type.RawType == typeof(ushort))
            return new OrderedKey<ushort>(column, v => Place(v));
        if (type.RawType == typeof(uint))
            return new OrderedKey<uint>(column, v => Place(v));
        return new OrderedKey<ulong>(column, Place);
    }

    private static OrderedKey<T> OfNumbers<T>(IDataView data, DataViewSchema.Column column, Func<T, double> number)
    {
        double smallest = double.PositiveInfinity;
        double largest = double.NegativeInfinity;
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            // A comparison with NaN is false: missing values do not count.
            smallest = number(value) < smallest ? number(value) : smallest;
            largest = number(value) > largest ? number(value) : largest;
        }
        double width = largest - smallest;
        return new OrderedKey<T>(column, v => width > 0 ? (number(v) - smallest) / width : 0 * number(v));
    }

    private static ISplitKey Hashed(DataViewSchema.Column column, int seed)
    {
        Type raw = column.Type.RawType;
        if (raw == typeof(ReadOnlyMemory<char>))
            return new HashedKey<ReadOnlyMemory<char>>(column, seed, v => Code(v.Span));
        if (raw == typeof(bool))
            return new HashedKey<bool>(column, seed, v => v ? 1ul : 0);
        if (raw == typeof(int))
            return new HashedKey<int>(column, seed, v => (ulong)v);
        if (raw == typeof(uint))
            return new HashedKey<uint>(column, seed, v => v);
        if (raw == typeof(long))
            return new HashedKey<long>(column, seed, v => (ulong)v);
        if (raw == typeof(ulong))
            return new HashedKey<ulong>(column, seed, v => v);
        throw HostErrors.ExceptParam(null,
            "samplingKeyColumn", $"The stand-in cannot split by column '{column.Name}' of type '{column.Type}'");
    }

    private static ulong Code(ReadOnlySpan<char> text)
    {
        ulong code = 0;
        foreach (ushort unit in MemoryMarshal.Cast<char, ushort>(text))
        {
            code = SplitHash.Mix(code, unit);
        }
        return code;
    }
}
