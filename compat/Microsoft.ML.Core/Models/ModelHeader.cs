// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The layout of a Model.key entry: 256 bytes of header, the component's bytes, its strings, a tail.</summary>
/// <remarks>The offsets were read off a recorded entry; all numbers are little-endian, strings UTF-16.</remarks>
internal sealed class ModelHeader
{
    public const int Size = 256;
    public const int SignatureLength = 8;
    public const int LoaderSignatureLength = 24;

    private const uint FormatVersion = 0x00010002;

    private static readonly byte[] _magic = [.. "ML\0MODEL"u8];
    private static readonly byte[] _tail = [.. "LEDOM\0LM"u8];

    public string ModelSignature { get; private init; }

    public uint VerWritten { get; private init; }

    public uint VerReadable { get; private init; }

    public string LoaderSignature { get; private init; }

    public string LoaderAssemblyName { get; private init; }

    public ArraySegment<byte> Model { get; private init; }

    public string[] Strings { get; private init; }

    public static byte[] Write(VersionInfo version, byte[] model, IReadOnlyList<string> strings)
    {
        byte[] table = [.. EndOffsets(strings).SelectMany(BitConverter.GetBytes)];
        byte[] chars = Encoding.Unicode.GetBytes(string.Concat(strings));
        byte[] assembly = Encoding.Unicode.GetBytes(version.LoaderAssemblyName ?? "");
        long tableAt = Size + model.Length;
        long charsAt = tableAt + table.Length;
        long assemblyAt = charsAt + chars.Length;
        long tailAt = assemblyAt + assembly.Length;

        MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(_magic);
        writer.Write(FormatVersion);
        writer.Write(FormatVersion);
        writer.Write((long)Size);
        writer.Write((long)model.Length);
        writer.Write(strings.Count == 0 ? 0 : tableAt);
        writer.Write((long)table.Length);
        writer.Write(strings.Count == 0 ? 0 : charsAt);
        writer.Write((long)chars.Length);
        writer.Write(Encoding.Latin1.GetBytes(version.ModelSignature));
        writer.Write(version.VerWrittenCur);
        writer.Write(version.VerReadableCur);
        writer.Write(Padded(version.LoaderSignature));
        writer.Write(Padded(version.LoaderSignatureAlt));
        writer.Write(tailAt);
        writer.Write(tailAt + _tail.Length);
        writer.Write(assembly.Length == 0 ? 0 : assemblyAt);
        writer.Write((long)assembly.Length);
        writer.Write(new byte[Size - stream.Length]);
        writer.Write(model);
        writer.Write(table);
        writer.Write(chars);
        writer.Write(assembly);
        writer.Write(_tail);
        return stream.ToArray();
    }

    public static ModelHeader Read(byte[] bytes)
    {
        if (bytes.Length < Size)
            throw Invalid();
        if (!bytes.AsSpan(0, _magic.Length).SequenceEqual(_magic))
            throw HostErrors.ExceptDecode(null, "Wrong file type");

        using BinaryReader reader = new(new MemoryStream(bytes, _magic.Length, Size - _magic.Length));
        reader.ReadUInt32();
        if (reader.ReadUInt32() > FormatVersion)
            throw HostErrors.ExceptDecode(null, "Can't read the model: its format is too new");
        (long At, long Count) model = (reader.ReadInt64(), reader.ReadInt64());
        (long At, long Count) table = (reader.ReadInt64(), reader.ReadInt64());
        (long At, long Count) chars = (reader.ReadInt64(), reader.ReadInt64());
        string signature = Encoding.Latin1.GetString(reader.ReadBytes(SignatureLength));
        uint written = reader.ReadUInt32();
        uint readable = reader.ReadUInt32();
        string loader = Encoding.Latin1.GetString(reader.ReadBytes(LoaderSignatureLength)).TrimEnd('\0');
        reader.ReadBytes(LoaderSignatureLength);
        long tailAt = reader.ReadInt64();
        reader.ReadInt64();
        (long At, long Count) assembly = (reader.ReadInt64(), reader.ReadInt64());
        if (!Part(bytes, (tailAt, _tail.Length)).AsSpan().SequenceEqual(_tail))
            throw Invalid();

        return new ModelHeader
        {
            ModelSignature = signature,
            VerWritten = written,
            VerReadable = readable,
            LoaderSignature = loader,
            LoaderAssemblyName = Encoding.Unicode.GetString(Part(bytes, assembly)),
            Model = Part(bytes, model),
            Strings = Split(Part(bytes, table), Encoding.Unicode.GetString(Part(bytes, chars))),
        };
    }

    public static FormatException Invalid() => HostErrors.Mark(null, new FormatException());

    private static IEnumerable<long> EndOffsets(IReadOnlyList<string> strings)
    {
        long end = 0;
        foreach (string text in strings)
            yield return end += text.Length * sizeof(char);
    }

    private static byte[] Padded(string signature)
    {
        byte[] padded = new byte[LoaderSignatureLength];
        Encoding.Latin1.GetBytes(signature ?? "", padded);
        return padded;
    }

    private static ArraySegment<byte> Part(byte[] bytes, (long At, long Count) range) =>
        range.At < 0 || range.Count < 0 || range.At > bytes.Length - range.Count
            ? throw Invalid()
            : new ArraySegment<byte>(bytes, (int)range.At, (int)range.Count);

    private static string[] Split(ArraySegment<byte> table, string chars)
    {
        string[] strings = new string[table.Count / sizeof(long)];
        int start = 0;
        for (int i = 0; i < strings.Length; i++)
        {
            long end = BitConverter.ToInt64(table.AsSpan(i * sizeof(long))) / sizeof(char);
            if (end < start || end > chars.Length)
                throw Invalid();
            strings[i] = chars[start..(int)end];
            start = (int)end;
        }
        return strings;
    }
}
