// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Data.Decoding;

/// <summary>
/// Decodes JPEG by libjpeg-turbo's own interface; what it warns of, such as a missing end, is refused.
/// </summary>
internal static unsafe class JpegDecoder
{
    private const string Library = "libturbojpeg.so.0";
    private const int PixelFormatBgra = 8;
    private const int FlagAccurateDct = 4096;
    private const int FlagStopOnWarning = 8192;
    private const int FlagLimitScans = 32768;
    private const int ColourSpaceCmyk = 3;

    public static Picture? Decode(ReadOnlySpan<byte> file)
    {
        nint decoder = InitDecompress();
        if (decoder == 0)
            throw new OutOfMemoryException("libjpeg-turbo must give a decoder. Got none.");
        try
        {
            return Decode(decoder, file);
        }
        finally
        {
            Destroy(decoder);
        }
    }

    private static Picture? Decode(nint decoder, ReadOnlySpan<byte> file)
    {
        fixed (byte* data = file)
        {
            CULong size = new((nuint)file.Length);
            if (ReadHeader(decoder, data, size, out int width, out int height, out _, out int colours) != 0
                || colours >= ColourSpaceCmyk)
                return null;
            byte[] pixels = Picture.Reserve(width, height);
            if (pixels is null)
                return null;
            fixed (byte* buffer = pixels)
            {
                const int Flags = FlagAccurateDct | FlagStopOnWarning | FlagLimitScans;
                int result = Decompress(decoder, data, size, buffer, width, 0, height, PixelFormatBgra, Flags);
                return result == 0 ? new Picture(width, height, pixels) : null;
            }
        }
    }

    [DllImport(Library, EntryPoint = "tjInitDecompress")]
    private static extern nint InitDecompress();

    [DllImport(Library, EntryPoint = "tjDestroy")]
    private static extern int Destroy(nint decoder);

    [DllImport(Library, EntryPoint = "tjDecompressHeader3")]
    private static extern int ReadHeader(
        nint decoder, byte* data, CULong size, out int width, out int height, out int subsampling, out int colours);

    [DllImport(Library, EntryPoint = "tjDecompress2")]
    private static extern int Decompress(
        nint decoder, byte* data, CULong size, byte* buffer, int width, int pitch, int height, int format, int flags);
}
