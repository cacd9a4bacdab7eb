// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.IO.Compression;

namespace ExampleData;

/// <summary>Reads files in idx format, plain or gzip, and believes nothing in them before it is checked.</summary>
/// <remarks>
/// Layout: 0, 0, element type (8 is byte), number of dimensions, each dimension as a big-endian Int32, elements.
/// </remarks>
internal static class IdxFile
{
    private const int MaxItemCount = 100_000;

    /// <summary>Reads all items of a file.</summary>
    /// <param name="path">A path; one that ends in .gz is decompressed.</param>
    /// <param name="itemShape">Dimensions that each item must have: none for labels, 28 and 28 for images.</param>
    /// <returns>The elements, item after item.</returns>
    /// <exception cref="InvalidDataException">The file is not what it must be; the message says where.</exception>
    public static byte[] Read(string path, params int[] itemShape)
    {
        using FileStream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;

        byte[] header = new byte[8 + (4 * itemShape.Length)];
        Fill(content, header, path);
        Expect(path, "magic number", 0x0800 + 1 + itemShape.Length, BinaryPrimitives.ReadInt32BigEndian(header));
        for (int axis = 0; axis < itemShape.Length; axis++)
        {
            int size = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8 + (4 * axis)));
            Expect(path, $"size of dimension {axis + 1}", itemShape[axis], size);
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        if (count is < 1 or > MaxItemCount)
            throw new InvalidDataException($"File '{path}' must hold 1 to {MaxItemCount} items. Got {count}.");

        byte[] items = new byte[itemShape.Aggregate(count, (product, size) => product * size)];
        Fill(content, items, path);
        if (Next(content, path) != 0)
            throw new InvalidDataException($"File '{path}' must end after its {count} items. Got more bytes.");
        return items;
    }

    private static void Expect(string path, string what, int expected, int found)
    {
        if (found != expected)
            throw new InvalidDataException($"File '{path}' must have the {what} {expected}. Got {found}.");
    }

    private static void Fill(Stream content, byte[] buffer, string path)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            int read = Read(content, buffer.AsSpan(filled), path);
            if (read == 0)
            {
                throw new InvalidDataException(
                    $"File '{path}' must have {buffer.Length} bytes here. Got {filled} before its end. Copy it again.");
            }

            filled += read;
        }
    }

    private static int Next(Stream content, string path) => Read(content, new byte[1], path);

    private static int Read(Stream content, Span<byte> buffer, string path)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (InvalidDataException inner)
        {
            throw new InvalidDataException(
                $"File '{path}' must be a whole gzip file. Got a damaged one. Copy it again.", inner);
        }
    }
}
