// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The missing value of a primitive type, and how its values are written to a model file.</summary>
internal static class Primitive
{
    public static TValue Missing<TValue>() => typeof(TValue) == typeof(float) ? (TValue)(object)float.NaN
        : typeof(TValue) == typeof(double) ? (TValue)(object)double.NaN
        : default;

    public static bool IsMissing<TValue>(in TValue value) => value switch
    {
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        ReadOnlyMemory<char> text => text.IsEmpty,
        _ => false,
    };

    public static void Write<TValue>(BinaryWriter writer, TValue value)
    {
        switch (value)
        {
            case bool v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case byte v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case ulong v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            case ReadOnlyMemory<char> v: writer.Write(v.ToString()); break;
            case DateTime v: writer.Write(v.ToBinary()); break;
            case TimeSpan v: writer.Write(v.Ticks); break;
            default: throw Marked.Operation($"Values of type '{typeof(TValue)}' cannot be saved");
        }
    }

    public static TValue Read<TValue>(BinaryReader reader)
    {
        object value = Type.GetTypeCode(typeof(TValue)) switch
        {
            TypeCode.Boolean => reader.ReadBoolean(),
            TypeCode.SByte => reader.ReadSByte(),
            TypeCode.Byte => reader.ReadByte(),
            TypeCode.Int16 => reader.ReadInt16(),
            TypeCode.UInt16 => reader.ReadUInt16(),
            TypeCode.Int32 => reader.ReadInt32(),
            TypeCode.UInt32 => reader.ReadUInt32(),
            TypeCode.Int64 => reader.ReadInt64(),
            TypeCode.UInt64 => reader.ReadUInt64(),
            TypeCode.Single => reader.ReadSingle(),
            TypeCode.Double => reader.ReadDouble(),
            TypeCode.DateTime => DateTime.FromBinary(reader.ReadInt64()),
            _ when typeof(TValue) == typeof(ReadOnlyMemory<char>) => reader.ReadString().AsMemory(),
            _ when typeof(TValue) == typeof(TimeSpan) => TimeSpan.FromTicks(reader.ReadInt64()),
            _ => throw Marked.Format($"Values of type '{typeof(TValue)}' cannot be loaded"),
        };
        return (TValue)value;
    }
}
