// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Says in which form a model can be asked.</summary>
internal static class RowInput
{
    /// <summary>Refuses rows for a model that needs an image.</summary>
    /// <exception cref="RequestProblem">The model needs one.</exception>
    public static void Require(InputSchema input)
    {
        if (input.NeededColumns.OfType<ImageColumn>().FirstOrDefault() is not { } image) return;
        throw new RequestProblem(
            StatusCodes.Status415UnsupportedMediaType,
            $"The model's column '{image.Name}' must be an image. Got JSON. Upload it to /v1/predict/image.");
    }

    /// <summary>Gives the column that takes the image of a model that needs one and nothing else.</summary>
    /// <param name="input">What the model needs.</param>
    /// <param name="rowsPath">Where rows go instead.</param>
    /// <exception cref="RequestProblem">The model needs something else.</exception>
    public static ImageColumn RequireImage(InputSchema input, string rowsPath)
        => input.NeededColumns is [ImageColumn image]
            ? image
            : throw new RequestProblem(
                StatusCodes.Status415UnsupportedMediaType,
                $"The model's input must be an image for this. It is not. Send rows to {rowsPath}.");
}
