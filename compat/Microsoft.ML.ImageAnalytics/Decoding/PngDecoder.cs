// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data.Decoding;

/// <summary>Decodes PNG by libpng's simplified interface, which never jumps over the caller's frames.</summary>
internal static unsafe class PngDecoder
{
    private const string Library = "libpng16.so.16";
    private const uint ImageVersion = 1;
    private const uint FormatBgra = 0x13;
    private const uint Flag16BitSrgb = 0x04;

    // Signature, length and name of the first chunk, then width and height.
    private const int WidthAt = 16;
    private const int HeightAt = 20;
    private const int HeaderEnd = 33;

    // Deflate makes at most 1032 bytes of one.
    private const long MaxExpansion = 1032;

    public static Picture? Decode(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderEnd || !CanHold(file) || PngChunks.WithoutColourSpace(file) is not { } plain)
            return null;
        Image image = new() { Version = ImageVersion };
        fixed (byte* data = plain)
        {
            if (BeginRead(&image, data, (nuint)plain.Length) == 0)
                return null;
            try
            {
                image.Format = FormatBgra;
                image.Flags |= Flag16BitSrgb;
                byte[] pixels = Picture.Reserve(image.Width, image.Height);
                if (pixels is null || !Finish(&image, pixels))
                    return null;
                MultiplyByAlpha(pixels);
                return new Picture((int)image.Width, (int)image.Height, pixels);
            }
            finally
            {
                Free(&image);
            }
        }
    }

    private static bool Finish(Image* image, byte[] pixels)
    {
        fixed (byte* buffer = pixels)
            return FinishRead(image, null, buffer, 0, null) != 0;
    }

    // Every row takes at least a byte and one bit for each pixel before it is packed.
    private static bool CanHold(ReadOnlySpan<byte> file)
    {
        long width = BinaryPrimitives.ReadUInt32BigEndian(file[WidthAt..]);
        long height = BinaryPrimitives.ReadUInt32BigEndian(file[HeightAt..]);
        return height * (1 + width / 8) <= file.Length * MaxExpansion;
    }

    private static void MultiplyByAlpha(Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i += Picture.PixelBytes)
        {
            int alpha = pixels[i + 3];
            if (alpha == byte.MaxValue)
                continue;
            for (int colour = i; colour < i + 3; colour++)
                pixels[colour] = (byte)((pixels[colour] * alpha + 127) / 255);
        }
    }

    [DllImport(Library, EntryPoint = "png_image_begin_read_from_memory")]
    private static extern int BeginRead(Image* image, byte* memory, nuint size);

    [DllImport(Library, EntryPoint = "png_image_finish_read")]
    private static extern int FinishRead(
        Image* image, void* background, byte* buffer, int rowStride, void* colourMap);

    [DllImport(Library, EntryPoint = "png_image_free")]
    private static extern void Free(Image* image);

    /// <summary>png_image of png.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public void* Opaque;
        public uint Version;
        public uint Width;
        public uint Height;
        public uint Format;
        public uint Flags;
        public uint ColourMapEntries;
        public uint WarningOrError;
        public fixed byte Message[64];
    }
}
