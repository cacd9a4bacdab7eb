// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Microsoft.ML.Memory;

/// <summary>Collects named tensors and writes them as one safetensors file.</summary>
/// <remarks>
/// <para>The bytes depend on names, types, shapes, values and notes alone, not on the order of adding: tensors of the
/// widest elements come first, those of equally wide ones in the ordinal order of their names. So every tensor starts
/// at a multiple of its element's size; the header is padded with spaces to a multiple of 8 bytes.</para>
/// <para>Values are not copied: they must not change until the file is written. For one thread.</para>
/// </remarks>
public sealed class SafetensorsWriter
{
    private readonly Dictionary<string, (TensorEntry Entry, Action<Stream> Write)> _tensors
        = new(StringComparer.Ordinal);

    /// <summary>Notes for the reader, such as <c>format</c> = <c>pt</c>; none by default.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Adds a tensor of single precision.</summary>
    /// <param name="name">Its name, not empty and not added before.</param>
    /// <param name="shape">Length of every dimension; empty for a scalar.</param>
    /// <param name="values">Its elements, row-major; as many as the shape has.</param>
    /// <exception cref="ArgumentException">The name, the shape or the number of values is not as said.</exception>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<float> values)
    {
        long length = values.Length * (long)sizeof(float);
        Add(name, TensorDtype.Float32, shape, length, to => to.Write(MemoryMarshal.AsBytes(values.Span)));
    }

    /// <summary>Adds a tensor of any type.</summary>
    /// <param name="name">Its name, not empty and not added before.</param>
    /// <param name="dtype">Type of the elements.</param>
    /// <param name="shape">Length of every dimension; empty for a scalar.</param>
    /// <param name="bytes">Its elements, row-major and little-endian.</param>
    /// <exception cref="ArgumentException">The name, the shape or the number of bytes is not as said.</exception>
    public void Add(string name, TensorDtype dtype, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
        => Add(name, dtype, shape, bytes.Length, to => to.Write(bytes.Span));

    /// <summary>Adds a tensor whose bytes are asked for when the file is written, each time it is.</summary>
    /// <param name="name">Its name, not empty and not added before.</param>
    /// <param name="dtype">Type of the elements.</param>
    /// <param name="shape">Length of every dimension; empty for a scalar.</param>
    /// <param name="write">Writes exactly the bytes of the tensor, row-major and little-endian.</param>
    /// <exception cref="ArgumentException">The name or the shape is not as said.</exception>
    public void Add(string name, TensorDtype dtype, ReadOnlySpan<long> shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);

        Add(name, dtype, shape, null, write);
    }

    /// <summary>Writes the file at once or not at all: beside its place first, then moved there.</summary>
    /// <param name="path">Path of the file; a file that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is as it was.</exception>
    /// <exception cref="InvalidOperationException">A tensor wrote more or fewer bytes than its shape has.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        Draft.WriteFile(path, Write);
    }

    /// <summary>Writes the file to a stream, from where it stands; the stream is not closed.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <exception cref="InvalidOperationException">A tensor wrote more or fewer bytes than its shape has.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);

        (TensorEntry Entry, Action<Stream> Write)[] ordered =
        [
            .. _tensors.Values.OrderByDescending(tensor => DtypeText.SizeOf(tensor.Entry.Dtype))
                .ThenBy(tensor => tensor.Entry.Name, StringComparer.Ordinal),
        ];
        byte[] header = Header(ordered.Select(tensor => tensor.Entry));
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((TensorEntry entry, Action<Stream> write) in ordered)
        {
            var counted = new CountedStream(stream, entry);
            write(counted);
            counted.RequireComplete();
        }
    }

    private void Add(string name, TensorDtype dtype, ReadOnlySpan<long> shape, long? bytes, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == "__metadata__" || !IsWhole(name) || _tensors.ContainsKey(name))
        {
            throw new ArgumentException(
                $"name must be of whole characters, new and not __metadata__. Got {BadFile.Quote(name)}.",
                nameof(name));
        }

        if (!Enum.IsDefined(dtype))
            throw new ArgumentException($"dtype must be one of TensorDtype. Got {(int)dtype}.", nameof(dtype));
        long? expected = shape.ContainsAnyInRange(long.MinValue, -1)
            ? null
            : ShapeText.ByteCount(shape, DtypeText.SizeOf(dtype));
        if (expected is not long length)
        {
            throw new ArgumentException(
                $"shape must have lengths of at least 0 and fewer than 2^63 bytes. Got {ShapeText.Of(shape)}.",
                nameof(shape));
        }

        if (bytes is long given && given != length)
        {
            throw new ArgumentException(
                $"The values of {BadFile.Quote(name)} must be {DtypeText.Of(dtype)} {ShapeText.Of(shape)} = {length} "
                + $"bytes long. Got {given}.", nameof(shape));
        }

        _tensors.Add(name, (new TensorEntry(name, dtype, shape.ToArray(), 0, length), write));
    }

    private byte[] Header(IEnumerable<TensorEntry> ordered)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0) WriteMetadata(json);
            long offset = 0;
            foreach (TensorEntry entry in ordered)
            {
                WriteEntry(json, entry, offset);
                offset = checked(offset + entry.ByteLength);
            }

            json.WriteEndObject();
        }

        int padding = -buffer.WrittenCount & (SafetensorsHeader.LengthBytes - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        json.WriteStartObject("__metadata__");
        foreach ((string key, string value) in Metadata) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorEntry entry, long offset)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", DtypeText.Of(entry.Dtype));
        json.WriteStartArray("shape");
        foreach (long length in entry.Shape) json.WriteNumberValue(length);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(checked(offset + entry.ByteLength));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Half of a surrogate pair has no UTF-8: it would come back as another name.
    private static bool IsWhole(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (System.Text.Rune.DecodeFromUtf16(rest, out _, out int read) != OperationStatus.Done) return false;
            rest = rest[read..];
        }

        return true;
    }
}
