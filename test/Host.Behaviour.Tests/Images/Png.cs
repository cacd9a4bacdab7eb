// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Host.Behaviour.Tests.Images;

/// <summary>Writes small PNG files of any kind, to read them again.</summary>
internal static class Png
{
    public const byte Grey = 0;
    public const byte Rgb = 2;
    public const byte Palette = 3;
    public const byte GreyAlpha = 4;
    public const byte Rgba = 6;

    private static readonly byte[] _signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    // First column and row, then the step between columns and rows, of each of Adam7's passes.
    private static readonly (int X, int Y, int StepX, int StepY)[] _passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>A file of packed rows without filter bytes.</summary>
    public static byte[] Of(int width, int height, byte colour, byte depth, byte[] rows, params byte[][] before) =>
        File(Header(width, height, colour, depth, interlaced: false), before, Filtered(rows, rows.Length / height));

    /// <summary>An interlaced file of 8-bit greys.</summary>
    public static byte[] InterlacedGreys(int width, int height, byte[] greys)
    {
        MemoryStream data = new();
        foreach ((int x, int y, int stepX, int stepY) in _passes)
        {
            for (int row = y; row < height && x < width; row += stepY)
            {
                data.WriteByte(0);
                for (int column = x; column < width; column += stepX)
                    data.WriteByte(greys[row * width + column]);
            }
        }
        return File(Header(width, height, Grey, 8, interlaced: true), [], data.ToArray());
    }

    public static byte[] Chunk(string name, params byte[] data)
    {
        byte[] chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.Latin1.GetBytes(name, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    public static byte[] Header(int width, int height, byte colour, byte depth, bool interlaced)
    {
        byte[] data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        data[8] = depth;
        data[9] = colour;
        data[12] = interlaced ? (byte)1 : (byte)0;
        return Chunk("IHDR", data);
    }

    public static byte[] File(byte[] header, byte[][] before, byte[] filtered)
    {
        MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(filtered);
        return [.. _signature, .. header, .. before.SelectMany(chunk => chunk), .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND")];
    }

    private static byte[] Filtered(byte[] rows, int rowBytes) =>
        [.. rows.Chunk(rowBytes).SelectMany(row => row.Prepend((byte)0))];

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
