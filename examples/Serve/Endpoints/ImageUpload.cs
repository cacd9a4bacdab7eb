// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MemoryServe;

/// <summary>Reads requests whose body is an image.</summary>
internal sealed class ImageUpload(IOptions<ServeOptions> options)
{
    /// <summary>Reads the image as the one column of a row.</summary>
    /// <param name="context">The request.</param>
    /// <param name="input">What the model asks for.</param>
    /// <param name="rowsPath">Where rows go instead, for models that ask for something else.</param>
    /// <exception cref="RequestProblem">The model asks for something else, or the body is no image that fits.
    /// </exception>
    public async Task<Row> ReadAsync(HttpContext context, InputSchema input, string rowsPath)
    {
        ImageColumn column = RowInput.RequireImage(input, rowsPath);
        byte[] file = await ReadAsync(context);
        column.Check(file, options.Value.ImagePixels);
        object?[] values = new object?[input.Schema.Count];
        values[column.Index] = file;
        return new Row(values);
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        bool isImage = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Value is "image/png" or "image/jpeg";
        if (!isImage)
        {
            throw new RequestProblem(
                StatusCodes.Status415UnsupportedMediaType, "The body must be of type image/png or image/jpeg.");
        }

        using var file = new MemoryStream();
        await context.Request.Body.CopyToAsync(file, context.RequestAborted);
        return file.ToArray();
    }
}
