// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;

namespace MemoryServe;

/// <summary>Size of an image, read from the head of its file.</summary>
/// <remarks>Sources: PNG, ISO/IEC 15948, chunk IHDR; JPEG, ITU-T T.81, frame header in B.2.2.</remarks>
internal readonly record struct ImageSize(int Width, int Height)
{
    public long PixelCount => (long)Width * Height;

    /// <summary>Reads the size of a PNG or JPEG file; null where it is neither, or ends too early.</summary>
    public static ImageSize? Read(ReadOnlySpan<byte> file)
    {
        ImageSize? size = file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])
            ? ReadPng(file)
            : file.StartsWith<byte>([0xFF, 0xD8]) ? ReadJpeg(file) : null;
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    private static ImageSize? ReadPng(ReadOnlySpan<byte> file)
    {
        const int Width = 16;
        return file.Length >= Width + 8 && file[12..Width].SequenceEqual("IHDR"u8)
            ? new ImageSize(
                BinaryPrimitives.ReadInt32BigEndian(file[Width..]), BinaryPrimitives.ReadInt32BigEndian(file[(Width + 4)..]))
            : null;
    }

    private static ImageSize? ReadJpeg(ReadOnlySpan<byte> file)
    {
        int place = 2;
        while (place + 9 <= file.Length && file[place] == 0xFF)
        {
            byte marker = file[place + 1];
            bool isFrame = marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (isFrame)
            {
                return new ImageSize(
                    BinaryPrimitives.ReadUInt16BigEndian(file[(place + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(file[(place + 5)..]));
            }

            bool isPadding = marker == 0xFF;
            place += isPadding ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(place + 2)..]);
        }

        return null;
    }
}
