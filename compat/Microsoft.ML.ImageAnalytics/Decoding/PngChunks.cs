// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Data.Decoding;

/// <summary>Walks over the chunks of a PNG file.</summary>
internal static class PngChunks
{
    private const int SignatureBytes = 8;
    private const int NameAt = 4;
    private const int DataAt = 8;
    private const int FrameBytes = 12;

    private static readonly string[] _colourSpace = ["gAMA", "cHRM", "iCCP", "sRGB"];

    /// <summary>
    /// The file up to its end mark without what describes its colour space, so that the values come out as they are
    /// stored; null where the chunks do not reach the end mark.
    /// </summary>
    public static byte[] WithoutColourSpace(ReadOnlySpan<byte> file)
    {
        MemoryStream kept = new(file.Length);
        kept.Write(file[..SignatureBytes]);
        ReadOnlySpan<byte> rest = file[SignatureBytes..];
        while (rest.Length >= FrameBytes)
        {
            long length = FrameBytes + (long)BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length)
                return null;
            string name = Encoding.Latin1.GetString(rest[NameAt..DataAt]);
            if (!_colourSpace.Contains(name))
                kept.Write(rest[..(int)length]);
            if (name == "IEND")
                return kept.ToArray();
            rest = rest[(int)length..];
        }
        return null;
    }
}
