// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;

namespace MemoryServe;

/// <summary>Says whether a model can be asked by rows at all.</summary>
internal static class RowInput
{
    /// <summary>Refuses rows for a model that needs what JSON cannot carry.</summary>
    /// <exception cref="RequestProblem">The model needs such a column.</exception>
    public static void Require(InputSchema input)
    {
        foreach (DataViewSchema.Column column in input.Foreign)
        {
            throw new RequestProblem(
                StatusCodes.Status415UnsupportedMediaType,
                $"The model must be asked with images: its column '{column.Name}' is none that JSON carries. "
                + "Upload to /v1/predict/image.");
        }
    }
}
