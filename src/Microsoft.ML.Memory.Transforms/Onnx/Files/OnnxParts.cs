// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using Google.Protobuf.Reflection;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Counts the parts of an ONNX file before any is made: one of two bytes takes hundreds in memory.</summary>
internal sealed class OnnxParts
{
    /// <summary>Most parts of a file; those of large networks are some hundred thousand.</summary>
    public const int Most = 1 << 22;

    /// <summary>Largest number of messages within messages; the runtime stops at fewer.</summary>
    public const int MostNesting = 100;

    // Names are short; longer strings and bytes are values, which are passed over.
    private const int MostNameBytes = 4096;

    private readonly Stream _stream;
    private readonly byte[] _sought;
    private bool _isFound;
    private int _count;

    private OnnxParts(Stream stream, string sought)
    {
        _stream = stream;
        _sought = Encoding.UTF8.GetBytes(sought);
    }

    /// <summary>Reads a file through and goes back to its beginning.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="length">Its length.</param>
    /// <returns>The number of its parts, or one more than <see cref="Most"/>; null where it is no whole file.</returns>
    public static int? Count(Stream stream, long length)
    {
        var parts = new OnnxParts(stream, "");
        bool isWhole = parts.Read(ModelProto.Descriptor, length, depth: 0);
        stream.Position = 0;
        return isWhole || parts._count > Most ? parts._count : null;
    }

    /// <summary>Says whether a name in a file holds a text; values are passed over, and so is what is no model.
    /// </summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="text">The text, of at least one letter.</param>
    public static bool HoldsName(Stream stream, string text)
    {
        var parts = new OnnxParts(stream, text);
        _ = parts.Read(ModelProto.Descriptor, stream.Length, depth: 0);
        return parts._isFound;
    }

    private bool Read(MessageDescriptor message, long end, int depth)
    {
        while (_stream.Position < end)
        {
            if (Number() is not { } tag || tag > uint.MaxValue || tag >> 3 == 0) return false;
            FieldDescriptor? field = message.FindFieldByNumber((int)(tag >> 3));

            // Numbers of known fields lie in arrays; all else is an object.
            bool isPart = field is null || field.FieldType is FieldType.Message or FieldType.String or FieldType.Bytes;
            if (isPart && ++_count > Most) return false;
            if (!ReadField((int)(tag & 7), field, end, depth)) return false;
        }

        return _stream.Position == end;
    }

    private bool ReadField(int wireType, FieldDescriptor? field, long end, int depth) => wireType switch
    {
        0 => Number() is not null,
        1 => Skip(sizeof(long), end),
        2 => ReadBytes(field, end, depth),
        5 => Skip(sizeof(int), end),
        _ => false,
    };

    private bool ReadBytes(FieldDescriptor? field, long end, int depth)
    {
        if (Number() is not { } length || length > (ulong)Math.Max(0, end - _stream.Position)) return false;
        if (field?.FieldType == FieldType.Message)
            return depth < MostNesting && Read(field.MessageType, _stream.Position + (long)length, depth + 1);
        return _sought.Length > 0 && length <= MostNameBytes ? Seek((int)length) : Skip((long)length, end);
    }

    /// <summary>Reads a name, and ends where it holds what is sought.</summary>
    private bool Seek(int length)
    {
        byte[] name = new byte[length];
        _stream.ReadExactly(name);
        _isFound = name.AsSpan().IndexOf(_sought) >= 0;
        return !_isFound;
    }

    private bool Skip(long length, long end)
    {
        if (length > end - _stream.Position) return false;
        _stream.Position += length;
        return true;
    }

    private ulong? Number()
    {
        ulong number = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            int next = _stream.ReadByte();
            if (next < 0) return null;
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return number;
        }

        return null;
    }
}
