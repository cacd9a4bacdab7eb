// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data.Decoding;

/// <summary>Chooses the decoder by the first bytes.</summary>
internal static class PictureDecoder
{
    private const int MaxBytes = 1 << 29;

    private static ReadOnlySpan<byte> PngMark => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegMark => [0xFF, 0xD8, 0xFF];

    /// <summary>Decodes from where the stream stands, or gives null where what is there is no whole picture.</summary>
    public static Picture? Decode(Stream stream)
    {
        if (ReadAll(stream) is not { } bytes)
            return null;
        ReadOnlySpan<byte> data = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        if (data.StartsWith(PngMark))
            return PngDecoder.Decode(data);
        return data.StartsWith(JpegMark) ? JpegDecoder.Decode(data) : null;
    }

    private static MemoryStream ReadAll(Stream stream)
    {
        MemoryStream bytes = new();
        byte[] part = new byte[1 << 16];
        while (stream.Read(part) is > 0 and int count)
        {
            if (bytes.Length + count > MaxBytes)
                return null;
            bytes.Write(part, 0, count);
        }
        return bytes;
    }
}
