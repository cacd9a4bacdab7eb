// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Pictures of entries: files of the operator's, or drawn from what is stored.</summary>
internal sealed class Pictures(IOptions<ServeOptions> options)
{
    private const int SampleCount = 256;
    private const string Png = "image/png";
    private const string Jpeg = "image/jpeg";

    /// <summary>Says how vectors are read as pixels; null where they are none.</summary>
    /// <exception cref="RequestProblem">The setting does not fit the memory.</exception>
    public PictureShape? ShapeOf(InspectedMemory memory)
    {
        Inspection inspection = memory.Deployment.Inspection;
        if (inspection.Shape is { } known) return known;
        if (inspection.IsWithoutShape || SizeOf(memory) is not { } size) return null;
        (float low, float high) = RangeOf(memory);
        bool isPixels = options.Value.PictureShape.Length > 0 || (low >= 0 && memory.Entries.Count > 0);
        if (!isPixels)
        {
            // as embeddings are, which happen to have a size that pictures have: no picture looks for it again
            inspection.IsWithoutShape = memory.Entries.Count > 0;
            return null;
        }

        PictureShape shape = low >= 0 && high <= 1 ? new(size.Width, size.Height, size.Channels, 0, 1)
            : low >= 0 && high <= 255 ? new(size.Width, size.Height, size.Channels, 0, 255)
            : new(size.Width, size.Height, size.Channels, low, high);
        if (memory.Entries.Count > 0) inspection.Shape = shape;
        return shape;
    }

    /// <summary>Gives the picture of an entry.</summary>
    /// <returns>A PNG or JPEG file and its type.</returns>
    /// <exception cref="RequestProblem">The operator's file is none.</exception>
    public async Task<(byte[] File, string ContentType)> OfAsync(
        InspectedMemory memory, Entry entry, CancellationToken cancellation)
    {
        if (FileOf(entry.Id) is { } path)
        {
            byte[]? file = await ReadAsync(path, cancellation);
            return file is not null && TypeOf(file) is { } type ? (file, type) : throw new RequestProblem(
                StatusCodes.Status409Conflict,
                $"The entry's picture must be a readable PNG or JPEG file of at most {options.Value.BodyBytes} bytes. "
                + "It is not.");
        }

        float[] vector = memory.VectorOf(entry);
        return (ShapeOf(memory)?.Draw(vector) ?? PictureShape.DrawStrip(vector), Png);
    }

    private static string? TypeOf(ReadOnlySpan<byte> file)
        => file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? Png
            : file.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? Jpeg
            : null;

    /// <summary>Finds the least and the largest value of a sample of the entries; 0 and 0 where there are none.
    /// </summary>
    private static (float Low, float High) RangeOf(InspectedMemory memory)
    {
        float low = float.MaxValue;
        float high = float.MinValue;
        int step = Math.Max(1, memory.Entries.Count / SampleCount);
        foreach (Entry entry in memory.Entries.Entries.Where((_, place) => place % step == 0))
        {
            float[] vector = memory.VectorOf(entry);
            low = Math.Min(low, vector.Min());
            high = Math.Max(high, vector.Max());
        }

        return low <= high ? (low, high) : (0, 0);
    }

    /// <summary>Reads a file; null where it is too large or cannot be read.</summary>
    private static async Task<byte[]?> ReadAsync(string path, long mostBytes, CancellationToken cancellation)
    {
        try
        {
            await using FileStream file = new(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1,
                FileOptions.Asynchronous);
            if (file.Length > mostBytes) return null;
            byte[] content = new byte[file.Length];
            await file.ReadExactlyAsync(content, cancellation);
            return content;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Task<byte[]?> ReadAsync(string path, CancellationToken cancellation)
        => ReadAsync(path, options.Value.BodyBytes, cancellation);

    /// <summary>Finds the file of an entry; its name is a number, so it lies in the folder. Null where there is none.
    /// </summary>
    private string? FileOf(long id)
    {
        if (options.Value.PictureFolder.Length == 0) return null;
        string path = Path.Combine(options.Value.PictureFolder, id.ToString(CultureInfo.InvariantCulture));
        return ((string[])[".png", ".jpg"]).Select(ending => path + ending).FirstOrDefault(File.Exists);
    }

    private PictureSize? SizeOf(InspectedMemory memory)
    {
        int dimension = memory.Entries.Dimension;
        if (options.Value.PictureShape.Length == 0)
            return InspectionInput.VectorOf(memory) is null ? null : PictureSize.Square(dimension);
        PictureSize.TryParse(options.Value.PictureShape, out PictureSize? size);
        return size is null || size.Value.ValueCount == dimension ? size : throw new RequestProblem(
            StatusCodes.Status409Conflict,
            $"Serve:PictureShape must have as many values as an entry, which has {dimension}. Got {size}.");
    }
}
