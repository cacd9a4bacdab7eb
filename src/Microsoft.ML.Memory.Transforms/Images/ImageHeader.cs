// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;

namespace Microsoft.ML.Memory;

/// <summary>Reads the size of an image from the first bytes of its file, so that none is decoded unseen.</summary>
internal static class ImageHeader
{
    private const byte StartOfImage = 0xD8, StartOfScan = 0xDA, EndOfImage = 0xD9;

    private static ReadOnlySpan<byte> PngMark => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Gives the size; null where the bytes are neither PNG nor JPEG.</summary>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngMark)) return SizeOfPng(file);
        return file is [0xFF, StartOfImage, ..] ? SizeOfJpeg(file[2..]) : null;
    }

    // Mark, length and name of the first chunk, then the width and the height.
    private static (int Width, int Height)? SizeOfPng(ReadOnlySpan<byte> file)
    {
        if (file.Length < 24 || !file.Slice(12, 4).SequenceEqual("IHDR"u8)) return null;
        int width = BinaryPrimitives.ReadInt32BigEndian(file[16..]);
        int height = BinaryPrimitives.ReadInt32BigEndian(file[20..]);
        return width > 0 && height > 0 ? (width, height) : null;
    }

    private static (int Width, int Height)? SizeOfJpeg(ReadOnlySpan<byte> segments)
    {
        while (segments.Length >= 4 && segments[0] == 0xFF)
        {
            byte marker = segments[1];
            if (marker == 0xFF)
            {
                segments = segments[1..];
                continue;
            }

            if (marker is StartOfScan or EndOfImage or StartOfImage or 0) return null;
            int length = BinaryPrimitives.ReadUInt16BigEndian(segments[2..]);
            if (length < 2 || segments.Length < length + 2) return null;

            // The frames are C0 to CF, but for tables and extensions.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) return SizeOfFrame(segments[4..]);
            segments = segments[(length + 2)..];
        }

        return null;
    }

    private static (int Width, int Height)? SizeOfFrame(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 5) return null;
        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        return width > 0 && height > 0 ? (width, height) : null;
    }
}
