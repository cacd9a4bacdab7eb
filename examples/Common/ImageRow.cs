// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace ExampleData;

/// <summary>One image as ML.NET sees it: a row with an id, a label and its pixels.</summary>
internal sealed class ImageRow
{
    public long Id { get; set; }

    public string Label { get; set; } = "";

    [VectorType(ImageSet.PixelCount)]
    public float[] Features { get; set; } = new float[ImageSet.PixelCount];
}
