// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Text.Unicode;

namespace Microsoft.ML.Memory;

/// <summary>Reads and checks the header of a tensor file before any of its tensors can be reached.</summary>
internal static class SafetensorsHeader
{
    /// <summary>Length of the field before the header that says how long the header is.</summary>
    public const int LengthBytes = sizeof(ulong);

    /// <summary>Longest header that is read, the limit of the format.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>Reads the tensors in the order of their bytes, and the notes of the writer.</summary>
    public static (OrderedDictionary<string, TensorEntry> Tensors, Dictionary<string, string> Metadata) Read(
        ITensorBytes bytes, string source)
    {
        byte[] json = ReadText(bytes, source);
        var reader = new SafetensorsHeaderReader(json, LengthBytes + json.Length, source);
        reader.Read();
        TensorEntry[] entries = [.. reader.Entries];
        CheckLayout(entries, LengthBytes + json.Length, bytes.Length, source);

        var tensors = new OrderedDictionary<string, TensorEntry>(entries.Length, StringComparer.Ordinal);
        foreach (TensorEntry entry in entries) tensors.Add(entry.Name, entry);
        return (tensors, reader.Metadata);
    }

    private static byte[] ReadText(ITensorBytes bytes, string source)
    {
        if (bytes.Length < LengthBytes)
            throw BadFile.Error("The content", source, "start with 8 bytes of header length", $"{bytes.Length} bytes");
        Span<byte> field = stackalloc byte[LengthBytes];
        bytes.Read(0, field);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(field);
        if (length > LongestHeader)
            throw BadFile.Error("The header", source, $"be at most {LongestHeader} bytes long", $"{length}");
        long left = bytes.Length - LengthBytes;
        if ((long)length > left)
            throw BadFile.Error("The header", source, $"end within the file, {left} bytes later", $"{length} bytes");

        byte[] json = new byte[(int)length];
        bytes.Read(LengthBytes, json);
        if (!Utf8.IsValid(json)) throw BadFile.Error("The header", source, "be UTF-8", "other bytes");
        if (json is not [(byte)'{', ..])
        {
            throw BadFile.Error(
                "The header", source, "be a JSON object", length == 0 ? "no bytes" : "another first character");
        }

        return json;
    }

    /// <summary>Puts tensors into the order of their bytes, which must follow each other from start to end.</summary>
    private static void CheckLayout(TensorEntry[] entries, long start, long fileLength, string source)
    {
        Array.Sort(entries, (one, other) =>
        {
            int order = one.ByteOffset.CompareTo(other.ByteOffset);
            return order != 0 ? order : one.ByteLength.CompareTo(other.ByteLength);
        });
        long end = start;
        foreach (TensorEntry entry in entries)
        {
            if (entry.ByteOffset != end)
            {
                throw BadFile.Error(
                    Subject(entry.Name), source, $"start at offset {end - start}, where the tensor before it ends",
                    $"{entry.ByteOffset - start}, which {(entry.ByteOffset < end ? "overlaps it" : "leaves a gap")}");
            }

            end += entry.ByteLength;
            if (end > fileLength)
            {
                throw BadFile.Error(
                    Subject(entry.Name), source, $"end within the {fileLength - start} bytes of data",
                    $"offset {end - start}");
            }
        }

        if (end != fileLength)
        {
            throw BadFile.Error(
                "The data", source, $"end where the last tensor ends, at offset {end - start}",
                $"{fileLength - end} more bytes");
        }
    }

    public static string Subject(string name) => $"Tensor {BadFile.Quote(name)}";
}
