// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Writes values of column types into a model file, and reads them back.</summary>
internal static class ValueCodec
{
    public static void Write(
        BinaryWriter writer,
        DataViewType type,
        DataViewSchema.Annotations annotations,
        DataViewSchema.Column annotation)
    {
        if (type is VectorDataViewType vector)
            Generic.Call<object>(typeof(ValueCodec), nameof(WriteVector), [vector.ItemType.RawType],
                writer, annotations, annotation);
        else
            Generic.Call<object>(typeof(ValueCodec), nameof(WriteScalar), [type.RawType],
                writer, annotations, annotation);
    }

    public static Delegate ReadGetter(BinaryReader reader, DataViewType type) => type is VectorDataViewType vector
        ? Generic.Call<Delegate>(typeof(ValueCodec), nameof(ReadVector), [vector.ItemType.RawType], reader)
        : Generic.Call<Delegate>(typeof(ValueCodec), nameof(ReadScalar), [type.RawType], reader);

    public static void WriteItem(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case ReadOnlyMemory<char> text: writer.Write(text.ToString()); break;
            case bool flag: writer.Write(flag); break;
            case sbyte number: writer.Write(number); break;
            case byte number: writer.Write(number); break;
            case short number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case uint number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case ulong number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            case DateTime time: writer.Write(time.Ticks); break;
            case TimeSpan span: writer.Write(span.Ticks); break;
            case DateTimeOffset time: writer.Write(time.Ticks); writer.Write(time.Offset.Ticks); break;
            case DataViewRowId id: writer.Write(id.Low); writer.Write(id.High); break;
            default: throw new NotSupportedException($"A value of {value?.GetType()} cannot be saved.");
        }
    }

    public static T ReadItem<T>(BinaryReader reader) => (T)(object)(default(T) switch
    {
        ReadOnlyMemory<char> => reader.ReadString().AsMemory(),
        bool => reader.ReadBoolean(),
        sbyte => reader.ReadSByte(),
        byte => reader.ReadByte(),
        short => reader.ReadInt16(),
        ushort => reader.ReadUInt16(),
        int => reader.ReadInt32(),
        uint => reader.ReadUInt32(),
        long => reader.ReadInt64(),
        ulong => reader.ReadUInt64(),
        float => reader.ReadSingle(),
        double => (object)reader.ReadDouble(),
        DateTime => new DateTime(reader.ReadInt64()),
        TimeSpan => new TimeSpan(reader.ReadInt64()),
        DateTimeOffset => new DateTimeOffset(reader.ReadInt64(), new TimeSpan(reader.ReadInt64())),
        DataViewRowId => new DataViewRowId(reader.ReadUInt64(), reader.ReadUInt64()),
        _ => throw new NotSupportedException($"A value of {typeof(T)} cannot be loaded."),
    });

    private static object WriteScalar<T>(
        BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default;
        annotations.GetGetter<T>(annotation)(ref value);
        WriteItem(writer, value);
        return null;
    }

    private static object WriteVector<T>(
        BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        VBuffer<T> value = default;
        annotations.GetGetter<VBuffer<T>>(annotation)(ref value);
        writer.Write(value.Length);
        writer.Write(value.GetValues().Length);
        foreach (int index in value.GetIndices())
            writer.Write(index);
        foreach (T item in value.GetValues())
            WriteItem(writer, item);
        return null;
    }

    private static ValueGetter<T> ReadScalar<T>(BinaryReader reader)
    {
        T value = ReadItem<T>(reader);
        return (ref T destination) => destination = value;
    }

    private static ValueGetter<VBuffer<T>> ReadVector<T>(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        int[] indices = null;
        T[] values = new T[reader.ReadInt32()];
        if (values.Length < length)
        {
            indices = new int[values.Length];
            for (int i = 0; i < indices.Length; i++)
                indices[i] = reader.ReadInt32();
        }
        for (int i = 0; i < values.Length; i++)
            values[i] = ReadItem<T>(reader);
        VBuffer<T> value = new(length, values.Length, values, indices);
        return (ref VBuffer<T> destination) => value.CopyTo(ref destination);
    }
}
