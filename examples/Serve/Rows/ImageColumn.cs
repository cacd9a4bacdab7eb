// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MemoryServe;

/// <summary>A column with an image in each row, which is uploaded and not written as JSON.</summary>
/// <remarks>A row keeps the file; each reader of the column decodes an image of its own, since a pipeline may dispose
/// of what it is given.</remarks>
internal sealed class ImageColumn(DataViewSchema.Column column, ImageDataViewType type) : InputColumn(column)
{
    public override string Description => type.Height == 0
        ? "an image"
        : string.Create(CultureInfo.InvariantCulture, $"an image of {type.Width} x {type.Height} pixels");

    public override string JsonType => "image";

    public override object? Read(ref Utf8JsonReader reader, out string? error)
    {
        reader.Skip();
        error = $"Column '{Name}' must be {Description} that is uploaded to /v1/predict/image. Got JSON.";
        return null;
    }

    public override Delegate CreateGetter(Func<object?> value) => new ValueGetter<MLImage>((ref MLImage target) =>
    {
        target?.Dispose();
        target = value() is byte[] file ? Decode(file) : null!;
    });

    /// <summary>Checks a file before a pipeline reads it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="largestPixelCount">Most pixels that it may have.</param>
    /// <exception cref="RequestProblem">It is no image, or one that is too large or of the wrong size.</exception>
    public void Check(byte[] file, long largestPixelCount)
    {
        // The size is read before the pixels, so that a small file cannot ask for much memory.
        if (ImageSize.Read(file) is not { } size) throw Invalid("The body must be a whole PNG or JPEG file. It is not.");
        if (size.PixelCount > largestPixelCount)
        {
            throw new RequestProblem(
                StatusCodes.Status413PayloadTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"An image must have at most {largestPixelCount} pixels. ")
                + string.Create(CultureInfo.InvariantCulture, $"Got {size.Width} x {size.Height}."));
        }

        if (type.Height != 0 && (type.Height != size.Height || type.Width != size.Width))
            throw Invalid(string.Create(
                CultureInfo.InvariantCulture, $"The body must be {Description}. Got {size.Width} x {size.Height}."));
        try
        {
            Decode(file).Dispose();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw Invalid("The body must be a whole PNG or JPEG file. It is not.");
        }
    }

    private static MLImage Decode(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        return MLImage.CreateFromStream(stream);
    }

    private static RequestProblem Invalid(string detail) => new(StatusCodes.Status400BadRequest, detail);
}
