// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The Schema entry of a model file: a header, a table of the columns, their annotations, a tail.</summary>
/// <remarks>Has the sizes of the host's where there are no annotations; these are laid out our own way.</remarks>
internal static class SchemaFile
{
    private const int HeaderSize = 256;
    private const ulong FormatVersion = 0x0001000100010006;
    private const string TextCodec = "TextSpan";
    private const string KeyCodec = "Key";
    private const string VectorCodec = "VBuffer";

    private static readonly byte[] _magic = [.. "CML\0DVB\0"u8];
    private static readonly byte[] _tail = [.. "\0BVD\0LMC"u8];

    /// <summary>Writes what can be read again: columns of types from outside the host are left out.</summary>
    public static void Write(Stream stream, DataViewSchema schema)
    {
        DataViewSchema.Column[] columns = [.. schema.Where(column => StandardColumns.IsStandard(column.Type))];
        if (columns.Length == 0 && schema.Count > 0)
            throw Marked.Operation("No valid columns to save");
        byte[][] annotations = Array.ConvertAll(columns, AnnotationsOf);
        long tableSize = TableOf(columns, annotations, 0).Length;
        byte[] table = TableOf(columns, annotations, HeaderSize + tableSize);
        long tailAt = HeaderSize + tableSize + annotations.Sum(bytes => (long)bytes.Length);

        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(_magic);
        writer.Write(FormatVersion);
        writer.Write(FormatVersion);
        writer.Write((long)HeaderSize);
        writer.Write(tailAt);
        writer.Write(0L);
        writer.Write(columns.Length);
        writer.Write(new byte[HeaderSize - 52]);
        writer.Write(table);
        foreach (byte[] bytes in annotations)
            writer.Write(bytes);
        writer.Write(_tail);
    }

    public static DataViewSchema Read(IExceptionContext context, Stream stream)
    {
        MemoryStream bytes = new();
        stream.CopyTo(bytes);
        if (bytes.Length < HeaderSize)
            throw context.ExceptDecode($"Read only {bytes.Length} bytes in file, expected header size of {HeaderSize}");
        bytes.Position = 0;
        using BinaryReader reader = new(bytes);
        if (!reader.ReadBytes(_magic.Length).AsSpan().SequenceEqual(_magic))
            throw context.ExceptDecode("The schema must start with the mark of a binary view.");
        try
        {
            return ReadColumns(reader);
        }
        catch (Exception exception)
            when (exception is EndOfStreamException or ArgumentException or InvalidCastException)
        {
            throw context.ExceptDecode("The schema is damaged.", exception);
        }
    }

    private static DataViewSchema ReadColumns(BinaryReader reader)
    {
        reader.BaseStream.Position = HeaderSize - (HeaderSize - 52) - sizeof(int);
        int count = reader.ReadInt32();
        reader.BaseStream.Position = HeaderSize;
        DataViewSchema.Builder builder = new();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            DataViewType type = ReadType(reader);
            reader.ReadByte();
            reader.Read7BitEncodedInt();
            reader.ReadInt64();
            long annotationsAt = reader.ReadInt64();
            builder.AddColumn(name, type, ReadAnnotations(reader, annotationsAt));
        }
        return builder.ToSchema();
    }

    private static byte[] TableOf(DataViewSchema.Column[] columns, byte[][] annotations, long annotationsAt)
    {
        MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        for (int i = 0; i < columns.Length; i++)
        {
            int size = annotations[i].Length;
            writer.Write(columns[i].Name);
            WriteType(writer, columns[i].Type);
            writer.Write((byte)0);
            writer.Write7BitEncodedInt(0);
            writer.Write(0L);
            writer.Write(size == 0 ? 0 : annotationsAt);
            annotationsAt += size;
        }
        return stream.ToArray();
    }

    private static byte[] AnnotationsOf(DataViewSchema.Column column)
    {
        DataViewSchema.Annotations annotations = column.Annotations;
        if (annotations.Schema.Count == 0)
            return [];
        MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(annotations.Schema.Count);
        foreach (DataViewSchema.Column annotation in annotations.Schema)
        {
            writer.Write(annotation.Name);
            WriteType(writer, annotation.Type);
            ValueCodec.Write(writer, annotation.Type, annotations, annotation);
        }
        return stream.ToArray();
    }

    private static DataViewSchema.Annotations ReadAnnotations(BinaryReader reader, long at)
    {
        if (at == 0)
            return null;
        long back = reader.BaseStream.Position;
        reader.BaseStream.Position = at;
        DataViewSchema.Annotations.Builder builder = new();
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            DataViewType type = ReadType(reader);
            builder.Add(name, type, ValueCodec.ReadGetter(reader, type));
        }
        reader.BaseStream.Position = back;
        return builder.ToAnnotations();
    }

    // A codec's name, then its parameters with their length in bytes.
    private static void WriteType(BinaryWriter writer, DataViewType type)
    {
        MemoryStream stream = new();
        using BinaryWriter parameters = new(stream);
        string codec = type.ToString();
        if (type is TextDataViewType)
        {
            codec = TextCodec;
        }
        else if (type is KeyDataViewType key)
        {
            codec = KeyCodec;
            parameters.Write(key.RawType.Name);
            parameters.Write(key.Count);
        }
        else if (type is VectorDataViewType vector)
        {
            codec = VectorCodec;
            WriteType(parameters, vector.ItemType);
            parameters.Write(vector.Dimensions.Length);
            foreach (int size in vector.Dimensions)
                parameters.Write(size);
        }
        writer.Write(codec);
        writer.Write7BitEncodedInt((int)stream.Length);
        writer.Write(stream.ToArray());
    }

    private static DataViewType ReadType(BinaryReader reader)
    {
        string codec = reader.ReadString();
        reader.Read7BitEncodedInt();
        switch (codec)
        {
            case TextCodec:
                return TextDataViewType.Instance;
            case KeyCodec:
                Type raw = PrimitiveTypes.FromName(reader.ReadString()).RawType;
                return new KeyDataViewType(raw, reader.ReadUInt64());
            case VectorCodec:
                PrimitiveDataViewType item = (PrimitiveDataViewType)ReadType(reader);
                int[] dimensions = new int[reader.ReadInt32()];
                for (int i = 0; i < dimensions.Length; i++)
                    dimensions[i] = reader.ReadInt32();
                return new VectorDataViewType(item, ImmutableArray.Create(dimensions));
            default:
                return PrimitiveTypes.FromName(codec);
        }
    }
}
