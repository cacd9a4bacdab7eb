// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads single values of the host's scalar types, and a code for each type.</summary>
internal static class ValueFormat
{
    private static readonly (byte Code, PrimitiveDataViewType Type)[] _types =
    [
        ((byte)DataKind.SByte, NumberDataViewType.SByte),
        ((byte)DataKind.Byte, NumberDataViewType.Byte),
        ((byte)DataKind.Int16, NumberDataViewType.Int16),
        ((byte)DataKind.UInt16, NumberDataViewType.UInt16),
        ((byte)DataKind.Int32, NumberDataViewType.Int32),
        ((byte)DataKind.UInt32, NumberDataViewType.UInt32),
        ((byte)DataKind.Int64, NumberDataViewType.Int64),
        ((byte)DataKind.UInt64, NumberDataViewType.UInt64),
        ((byte)DataKind.Single, NumberDataViewType.Single),
        ((byte)DataKind.Double, NumberDataViewType.Double),
        ((byte)DataKind.String, TextDataViewType.Instance),
        ((byte)DataKind.Boolean, BooleanDataViewType.Instance),
        ((byte)DataKind.TimeSpan, TimeSpanDataViewType.Instance),
        ((byte)DataKind.DateTime, DateTimeDataViewType.Instance),
        ((byte)DataKind.DateTimeOffset, DateTimeOffsetDataViewType.Instance),
    ];

    /// <summary>Gives the code of a type.</summary>
    public static byte CodeOf(DataViewType type) => _types.Single(each => each.Type.Equals(type)).Code;

    /// <summary>Gives the type of a code; null where there is none.</summary>
    public static PrimitiveDataViewType? TypeOf(byte code) => _types.FirstOrDefault(each => each.Code == code).Type;

    /// <summary>Says whether values of a type can be written.</summary>
    public static bool IsSupported(DataViewType type) => Array.Exists(_types, each => each.Type.Equals(type));

    /// <summary>Writes one value; texts as strings.</summary>
    public static void Write<T>(BinaryWriter writer, T value)
        where T : notnull
    {
        switch (value)
        {
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
            case string text: writer.Write(text); break;
            case bool flag: writer.Write(flag); break;
            case TimeSpan span: writer.Write(span.Ticks); break;
            case DateTime date: writer.Write(date.ToBinary()); break;
            case DateTimeOffset date:
                writer.Write(date.Ticks);
                writer.Write(date.Offset.Ticks);
                break;
            default:
                throw new InvalidOperationException(
                    $"A value must be of a known type. Got {value.GetType()}.");
        }
    }

    /// <summary>Reads one value of a type.</summary>
    public static object Read(BinaryReader reader, PrimitiveDataViewType type)
    {
        if (type == NumberDataViewType.SByte) return reader.ReadSByte();
        if (type == NumberDataViewType.Byte) return reader.ReadByte();
        if (type == NumberDataViewType.Int16) return reader.ReadInt16();
        if (type == NumberDataViewType.UInt16) return reader.ReadUInt16();
        if (type == NumberDataViewType.Int32) return reader.ReadInt32();
        if (type == NumberDataViewType.UInt32) return reader.ReadUInt32();
        if (type == NumberDataViewType.Int64) return reader.ReadInt64();
        if (type == NumberDataViewType.UInt64) return reader.ReadUInt64();
        if (type == NumberDataViewType.Single) return reader.ReadSingle();
        if (type == NumberDataViewType.Double) return reader.ReadDouble();
        if (type is TextDataViewType) return reader.ReadString();
        if (type is BooleanDataViewType) return reader.ReadBoolean();
        if (type is TimeSpanDataViewType) return new TimeSpan(reader.ReadInt64());
        if (type is DateTimeDataViewType) return DateTime.FromBinary(reader.ReadInt64());
        return new DateTimeOffset(reader.ReadInt64(), new TimeSpan(reader.ReadInt64()));
    }
}
