// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
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
    private readonly float[] _plane = new float[plan.SourceHeight * plan.SourceWidth];
    private readonly float[] _narrow = new float[plan.SourceHeight * plan.Width];

    public void Read(Span<float> destination)
    {
        source.Read(_image);
        if (plan.Overshoots) RequireRange();
        int length = plan.Height * plan.Width;
        for (int channel = 0; channel < plan.SourceChannels; channel++)
            Resize(Plane(channel), destination.Slice(channel * length, length));
        for (int channel = plan.SourceChannels; channel < plan.BackboneChannels; channel++)
            destination[..length].CopyTo(destination.Slice(channel * length, length));
        for (int channel = 0; channel < plan.BackboneChannels; channel++)
        {
            Span<float> plane = destination.Slice(channel * length, length);
            TensorPrimitives.Multiply(plane, plan.Factors[channel], plane);
            TensorPrimitives.Add(plane, plan.Shifts[channel], plane);
        }
    }

    private ReadOnlySpan<float> Plane(int channel)
    {
        if (plan.Options.Layout == ImageLayout.Planar)
            return _image.AsSpan(channel * _plane.Length, _plane.Length);
        for (int i = 0, at = channel; i < _plane.Length; i++, at += plan.SourceChannels) _plane[i] = _image[at];
        return _plane;
    }

    private void Resize(ReadOnlySpan<float> plane, Span<float> destination)
    {
        if (plan.Columns is not { } columns || plan.Rows is not { } rows)
        {
            plane.CopyTo(destination);
            return;
        }

        columns.AlongRows(plane, plan.SourceHeight, _narrow);
        if (plan.Overshoots) Cut(_narrow);
        rows.AlongColumns(_narrow, plan.Width, destination);
        if (plan.Overshoots) Cut(destination);
    }

    private void Cut(Span<float> pixels)
    {
        TensorPrimitives.Max(pixels, 0, pixels);
        TensorPrimitives.Min(pixels, plan.MostPixel, pixels);
    }

    // Pixels of another range would be cut to this one without a word.
    private void RequireRange()
    {
        float most = plan.MostPixel;
        int wrong = _image.AsSpan().IndexOfAnyExceptInRange(0, most);
        if (wrong < 0 || !float.IsFinite(_image[wrong])) return;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"Column '{columnName}' must hold pixels from 0 to {most}. Got {_image[wrong]}. ")
            + "Set FineTuneOptions.Image.Scale to 1 divided by the largest pixel.");
    }
}
