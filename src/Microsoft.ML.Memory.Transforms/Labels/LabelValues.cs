// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Moves label values between columns, which are typed, and class tables, which hold objects.</summary>
internal static class LabelValues
{
    private const string KeyValuesKind = "KeyValues";

    private static readonly MethodInfo _readVector = Method(nameof(ReadVector));
    private static readonly MethodInfo _createReader = Method(nameof(CreateReader));
    private static readonly MethodInfo _addVector = Method(nameof(AddVector));

    public static bool IsSupported(DataViewType type)
        => type is TextDataViewType or NumberDataViewType or BooleanDataViewType
            or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType;

    /// <summary>Reads the key values of a key column; false where it has none.</summary>
    public static bool TryReadKeyValues(
        DataViewSchema.Column column,
        int count,
        [NotNullWhen(true)] out PrimitiveDataViewType? type,
        [NotNullWhen(true)] out object[]? values)
    {
        (type, values) = (null, null);
        DataViewSchema.Column? annotation = column.Annotations.Schema.GetColumnOrNull(KeyValuesKind);
        if (annotation?.Type is not VectorDataViewType vector || vector.Size != count) return false;
        type = vector.ItemType;
        values = (object[])_readVector.MakeGenericMethod(type.RawType).Invoke(null, [column.Annotations])!;
        return true;
    }

    /// <summary>Reads a scalar column as objects, one call a row.</summary>
    public static Func<object> Reader(DataViewRow row, DataViewSchema.Column column)
        => (Func<object>)_createReader.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    /// <summary>Adds the values of a class table as a vector annotation.</summary>
    public static void AddTo(DataViewSchema.Annotations.Builder builder, string kind, ClassTable classes)
    {
        if (classes.ValueType is { } type)
            _addVector.MakeGenericMethod(type.RawType).Invoke(null, [builder, kind, type, classes.Values]);
    }

    /// <summary>Adds the names of a class table as a vector of texts.</summary>
    public static void AddNamesTo(DataViewSchema.Annotations.Builder builder, string kind, ClassTable classes)
    {
        object[] names = [.. Enumerable.Range(0, classes.Count).Select(classes.NameOf)];
        AddVector<ReadOnlyMemory<char>>(builder, kind, TextDataViewType.Instance, names);
    }

    private static MethodInfo Method(string name)
        => typeof(LabelValues).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static object[] ReadVector<T>(DataViewSchema.Annotations annotations)
    {
        var buffer = default(VBuffer<T>);
        annotations.GetValue(KeyValuesKind, ref buffer);
        return [.. buffer.DenseValues().Select(value => ToObject(value))];
    }

    private static Func<object> CreateReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return ToObject(value);
        };
    }

    private static void AddVector<T>(
        DataViewSchema.Annotations.Builder builder,
        string kind,
        PrimitiveDataViewType type,
        IReadOnlyList<object> values)
    {
        T[] typed = [.. values.Select(FromObject<T>)];
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> value)
            => new VBuffer<T>(typed.Length, typed).CopyTo(ref value);
        builder.Add(kind, new VectorDataViewType(type, typed.Length), getter);
    }

    private static object ToObject<T>(T value) => value is ReadOnlyMemory<char> text ? text.ToString() : value!;

    private static T FromObject<T>(object value)
        => typeof(T) == typeof(ReadOnlyMemory<char>) ? (T)(object)((string)value).AsMemory() : (T)value;
}
