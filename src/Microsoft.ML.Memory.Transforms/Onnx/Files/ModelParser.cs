// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Parses a model whose large values stay in the bytes they come in, without a copy of them.</summary>
/// <remarks>
/// The parser of the messages copies all that it reads. It gets the model with marks where the large values are, and
/// the marks make room for the values afterwards. A mark is drawn anew each time, so no file can hold it.
/// </remarks>
internal sealed class ModelParser
{
    private const int LeastBytes = 1024;

    private readonly byte[] _bytes;
    private readonly byte[] _mark = [.. Guid.NewGuid().ToByteArray(), 0, 0, 0, 0];
    private readonly List<ReadOnlyMemory<byte>> _values = [];
    private readonly List<int> _lengths = [];
    private int _message;
    private int _value;

    private ModelParser(byte[] bytes) => _bytes = bytes;

    /// <summary>Parses a model.</summary>
    /// <param name="bytes">The model, whose messages were found to be whole; it must not change any more.</param>
    /// <exception cref="InvalidProtocolBufferException">It breaks a rule of the format.</exception>
    public static ModelProto Parse(byte[] bytes)
    {
        var parser = new ModelParser(bytes);
        int length = parser.Measure(ModelProto.Descriptor, 0, bytes.Length);
        if (parser._values.Count == 0) return Plain(bytes);
        byte[] marked = new byte[length];
        parser.Write(ModelProto.Descriptor, 0, bytes.Length, marked);
        ModelProto model = Plain(marked);

        // Values that come twice in a tensor leave a mark without a place.
        return parser.PutBack(model) == parser._values.Count ? model : Plain(bytes);
    }

    private static ModelProto Plain(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, OnnxParts.MostNesting);
        return ModelProto.Parser.ParseFrom(input);
    }

    private int PutBack(ModelProto model)
    {
        if (model.Graph is null) return 0;
        int count = 0;
        foreach (TensorProto tensor in GraphTensors.Of(model))
        {
            ReadOnlySpan<byte> raw = tensor.RawData.Span;
            if (raw.Length != _mark.Length || !raw.StartsWith(_mark.AsSpan(0, 16))) continue;
            int index = BinaryPrimitives.ReadInt32LittleEndian(raw[16..]);
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(_values[index]);
            count++;
        }

        return count;
    }

    /// <summary>Gives the length of a message with marks, and keeps those of those within it, in order.</summary>
    private int Measure(MessageDescriptor message, int start, int end)
    {
        int length = 0;
        for (int at = start; at < end;)
        {
            Field field = Read(message, at);
            if (field.Inner is { } inner)
            {
                int place = _lengths.Count;
                _lengths.Add(0);
                _lengths[place] = Measure(inner, field.Content, field.End);
                length += field.TagBytes + LengthBytes(_lengths[place]) + _lengths[place];
            }
            else if (IsLarge(message, field))
            {
                _values.Add(_bytes.AsMemory(field.Content, field.End - field.Content));
                length += field.TagBytes + 1 + _mark.Length;
            }
            else length += field.End - at;

            at = field.End;
        }

        return length;
    }

    private Span<byte> Write(MessageDescriptor message, int start, int end, Span<byte> target)
    {
        for (int at = start; at < end;)
        {
            Field field = Read(message, at);
            if (field.Inner is { } inner)
            {
                target = Copy(at, field.TagBytes, target);
                target = WriteLength(_lengths[_message++], target);
                target = Write(inner, field.Content, field.End, target);
            }
            else if (IsLarge(message, field))
            {
                target = WriteLength(_mark.Length, Copy(at, field.TagBytes, target));
                BinaryPrimitives.WriteInt32LittleEndian(_mark.AsSpan(16), _value++);
                _mark.CopyTo(target);
                target = target[_mark.Length..];
            }
            else target = Copy(at, field.End - at, target);

            at = field.End;
        }

        return target;
    }

    private static bool IsLarge(MessageDescriptor message, Field field)
        => message == TensorProto.Descriptor && field.Number == TensorProto.RawDataFieldNumber
            && field.Content > 0 && field.End - field.Content >= LeastBytes;

    private Span<byte> Copy(int start, int count, Span<byte> target)
    {
        _bytes.AsSpan(start, count).CopyTo(target);
        return target[count..];
    }

    private Field Read(MessageDescriptor message, int start)
    {
        int at = start;
        ulong tag = Number(ref at);
        int number = (int)(tag >> 3), tagBytes = at - start;
        switch ((int)(tag & 7))
        {
            case 0:
                Number(ref at);
                return new Field(number, tagBytes, 0, at, null);
            case 1:
                return new Field(number, tagBytes, 0, at + sizeof(long), null);
            case 2:
                int length = (int)Number(ref at);
                FieldDescriptor? field = message.FindFieldByNumber(number);
                MessageDescriptor? inner = field?.FieldType == FieldType.Message ? field.MessageType : null;
                return new Field(number, tagBytes, at, at + length, inner);
            default:
                return new Field(number, tagBytes, 0, at + sizeof(int), null);
        }
    }

    private ulong Number(ref int at)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = _bytes[at++];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return number;
        }
    }

    private static int LengthBytes(int length)
    {
        int bytes = 1;
        for (; length > 127; length >>= 7) bytes++;
        return bytes;
    }

    private static Span<byte> WriteLength(int length, Span<byte> target)
    {
        int at = 0;
        for (; length > 127; length >>= 7) target[at++] = (byte)(length & 0x7F | 0x80);
        target[at] = (byte)length;
        return target[(at + 1)..];
    }

    /// <summary>A field of a message.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="TagBytes">Bytes of number and kind.</param>
    /// <param name="Content">Where its bytes begin; 0 where it has no length of its own.</param>
    /// <param name="End">Where the next field begins.</param>
    /// <param name="Inner">What it holds; null where that is no message.</param>
    private readonly record struct Field(int Number, int TagBytes, int Content, int End, MessageDescriptor? Inner);
}
