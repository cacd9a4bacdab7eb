// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Reads the image of the current row, resized and normalised; its buffers are used again for every row.
/// </summary>
/// <param name="source">Reads the column.</param>
/// <param name="plan">What becomes of an image.</param>
/// <param name="columnName">Name of the column, for messages.</param>
internal sealed class ImageReader(IRowReader source, ImagePlan plan, string columnName) : IRowReader
{
    private readonly float[] _image = new float[plan.SourceLength];
    private readonly ImageConverter _converter = new(plan, columnName);

    public void Read(Span<float> destination)
    {
        source.Read(_image);
        _converter.Convert(_image, destination);
    }
}
