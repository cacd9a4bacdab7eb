// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Writes a primitive column type to a model file.</summary>
internal static class TypeCodec
{
    private const byte KeyMark = 255;

    /// <summary>Whether values of this type can be kept in a model file.</summary>
    public static bool CanWrite(PrimitiveDataViewType type) => type is KeyDataViewType || KindOf(type) is not null;

    public static void Write(BinaryWriter writer, PrimitiveDataViewType type)
    {
        if (type is KeyDataViewType key)
        {
            writer.Write(KeyMark);
            writer.Write((byte)KindOf(PrimitiveTypes.FromRawType(key.RawType)));
            writer.Write(key.Count);
            return;
        }

        writer.Write((byte)(KindOf(type) ?? throw Marked.Operation($"Type '{type}' cannot be saved")));
    }

    public static PrimitiveDataViewType Read(BinaryReader reader)
    {
        byte first = reader.ReadByte();
        if (first != KeyMark)
            return FromKind(first);
        Type rawType = FromKind(reader.ReadByte()).RawType;
        ulong count = reader.ReadUInt64();
        return KeyDataViewType.IsValidDataType(rawType) && count > 0
            ? new KeyDataViewType(rawType, count)
            : throw Marked.Format("The model holds a key type that cannot be");
    }

    public static DataKind? KindOf(PrimitiveDataViewType type)
    {
        foreach (DataKind kind in Enum.GetValues<DataKind>())
        {
            if (PrimitiveTypes.FromKind(kind).Equals(type))
                return kind;
        }

        return null;
    }

    private static PrimitiveDataViewType FromKind(byte kind) => Enum.IsDefined((DataKind)kind)
        ? PrimitiveTypes.FromKind((DataKind)kind)
        : throw Marked.Format($"The model holds the unknown data kind {kind}");
}
