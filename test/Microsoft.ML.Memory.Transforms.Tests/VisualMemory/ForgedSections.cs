// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Changes the content of one section of a saved memory and makes its length and checksum fit again.</summary>
internal static class ForgedSections
{
    private const int HeaderBytes = 20;

    public static string[] Names(byte[] file) => [.. Walk(file).Select(section => section.Name)];

    public static byte[] Content(byte[] file, string name)
    {
        (_, int start, int length) = Walk(file).Single(section => section.Name == name);
        return file[start..(start + length)];
    }

    public static byte[] Replace(byte[] file, string name, Func<byte[], byte[]> change)
    {
        var result = new List<byte>(file[..HeaderBytes]);
        foreach ((string found, int start, int length) in Walk(file))
        {
            byte[] content = file[start..(start + length)];
            if (found == name) content = change(content);
            byte[] head = new byte[sizeof(ushort) + found.Length + sizeof(long)];
            BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)found.Length);
            Encoding.ASCII.GetBytes(found).CopyTo(head, sizeof(ushort));
            BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(sizeof(ushort) + found.Length), content.Length);
            byte[] checksum = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum([.. head, .. content]));
            result.AddRange([.. head, .. checksum, .. content]);
        }

        return [.. result];
    }

    private static IEnumerable<(string Name, int Start, int Length)> Walk(byte[] file)
    {
        for (int offset = HeaderBytes; offset < file.Length;)
        {
            int letters = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offset));
            string name = Encoding.ASCII.GetString(file, offset + sizeof(ushort), letters);
            int afterName = offset + sizeof(ushort) + letters;
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(afterName));
            int start = afterName + sizeof(long) + sizeof(uint);
            yield return (name, start, length);
            offset = start + length;
        }
    }

    private static uint Checksum(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
