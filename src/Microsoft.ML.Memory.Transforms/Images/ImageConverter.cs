// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Resizes and normalises one image after the other; its buffers are used again for every image.</summary>
/// <remarks>Belongs to one thread at a time.</remarks>
/// <param name="plan">What becomes of an image.</param>
/// <param name="columnName">Name of the column, for messages.</param>
/// <param name="buffers">Room for the pixels, which converters of one thread share; null makes some.</param>
internal sealed class ImageConverter(ImagePlan plan, string columnName, ImageBuffers? buffers = null)
{
    /// <summary>Largest pixel of images in bytes.</summary>
    private const float MostByte = byte.MaxValue;

    // How a colour becomes a grey: ITU-R BT.601.
    private const float RedWeight = 0.299f, GreenWeight = 0.587f, BlueWeight = 0.114f;

    private readonly ImageBuffers _buffers = buffers ?? new ImageBuffers();
    private readonly float[] _planar =
        plan.Target.IsInterleaved ? new float[plan.ChannelCount * plan.Height * plan.Width] : [];

    /// <summary>Length of a plane of the source.</summary>
    private int PixelCount { get; } = plan.SourceHeight * plan.SourceWidth;

    /// <summary>Converts an image of the column's layout.</summary>
    /// <param name="image">All numbers of the image.</param>
    /// <param name="destination">Receives what the network reads.</param>
    /// <exception cref="InvalidOperationException">A pixel would have to be cut to its range.</exception>
    public void Convert(ReadOnlySpan<float> image, Span<float> destination)
    {
        if (plan.Overshoots) RequireRange(image);
        PixelOrder order = PixelOrder.Of(plan.Options.Layout, plan.SourceChannels, PixelCount);
        Span<float> planes = Planes(destination);
        for (int channel = 0; channel < plan.SourceChannels; channel++)
        {
            ReadOnlySpan<float> plane = order.Stride == 1
                ? image.Slice(order.First + (channel * order.Step), PixelCount)
                : Gather(image, order.First + (channel * order.Step), order.Stride);
            Resize(plane, PlaneOf(planes, channel), plan.MostPixel);
        }

        Finish(planes, destination);
    }

    /// <summary>Converts an image in bytes.</summary>
    /// <param name="image">All bytes of the image.</param>
    /// <param name="order">Where they lie.</param>
    /// <param name="isGrey">Whether the image is of colours, for a network of greys.</param>
    /// <param name="destination">Receives what the network reads.</param>
    public void Convert(ReadOnlySpan<byte> image, PixelOrder order, bool isGrey, Span<float> destination)
    {
        Span<float> planes = Planes(destination), pixels = _buffers.Plane(PixelCount);
        for (int channel = 0; channel < plan.SourceChannels; channel++)
        {
            if (isGrey) GatherGrey(image, order, pixels);
            else Gather(image, order.First + (channel * order.Step), order.Stride, pixels);
            Resize(pixels, PlaneOf(planes, channel), MostByte);
        }

        Finish(planes, destination);
    }

    private static void Gather(ReadOnlySpan<byte> image, int first, int stride, Span<float> plane)
    {
        if (stride == 1)
        {
            TensorPrimitives.ConvertTruncating(image.Slice(first, plane.Length), plane);
            return;
        }

        for (int i = 0, at = first; i < plane.Length; i++, at += stride) plane[i] = image[at];
    }

    private ReadOnlySpan<float> Gather(ReadOnlySpan<float> image, int first, int stride)
    {
        Span<float> plane = _buffers.Plane(PixelCount);
        for (int i = 0, at = first; i < plane.Length; i++, at += stride) plane[i] = image[at];
        return plane;
    }

    private void GatherGrey(ReadOnlySpan<byte> image, PixelOrder order, Span<float> plane)
    {
        Span<float> colour = _buffers.Colour(PixelCount);
        ReadOnlySpan<float> weights = [RedWeight, GreenWeight, BlueWeight];
        plane.Clear();
        for (int channel = 0; channel < weights.Length; channel++)
        {
            Gather(image, order.First + (channel * order.Step), order.Stride, colour);
            TensorPrimitives.MultiplyAdd(colour, weights[channel], plane, plane);
        }
    }

    private Span<float> Planes(Span<float> destination) => plan.Target.IsInterleaved ? _planar : destination;

    private Span<float> PlaneOf(Span<float> planes, int channel)
    {
        int length = plan.Height * plan.Width;
        return planes.Slice((plan.IsReversed ? plan.SourceChannels - 1 - channel : channel) * length, length);
    }

    private void Resize(ReadOnlySpan<float> plane, Span<float> destination, float most)
    {
        if (plan.Columns is not { } columns || plan.Rows is not { } rows)
        {
            plane.CopyTo(destination);
            return;
        }

        Span<float> narrow = _buffers.Narrow(plan.SourceHeight * plan.Width);
        columns.AlongRows(plane, plan.SourceHeight, narrow);
        if (plan.Overshoots) Cut(narrow, most);
        rows.AlongColumns(narrow, plan.Width, destination);
        if (plan.Overshoots) Cut(destination, most);
    }

    private static void Cut(Span<float> pixels, float most)
    {
        TensorPrimitives.Max(pixels, 0, pixels);
        TensorPrimitives.Min(pixels, most, pixels);
    }

    private void Finish(Span<float> planes, Span<float> destination)
    {
        int length = plan.Height * plan.Width;
        for (int channel = plan.SourceChannels; channel < plan.ChannelCount; channel++)
            planes[..length].CopyTo(planes.Slice(channel * length, length));
        for (int channel = 0; channel < plan.ChannelCount; channel++)
        {
            Span<float> plane = planes.Slice(channel * length, length);
            if (plan.Factors[channel] != 1) TensorPrimitives.Multiply(plane, plan.Factors[channel], plane);
            if (plan.Shifts[channel] != 0) TensorPrimitives.Add(plane, plan.Shifts[channel], plane);
            if (!plan.Target.IsInterleaved) continue;
            for (int i = 0, at = channel; i < length; i++, at += plan.ChannelCount) destination[at] = plane[i];
        }
    }

    // Pixels of another range would be cut to this one without a word.
    private void RequireRange(ReadOnlySpan<float> image)
    {
        float most = plan.MostPixel;
        int wrong = image.IndexOfAnyExceptInRange(0, most);
        if (wrong < 0 || !float.IsFinite(image[wrong])) return;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"Column '{columnName}' must hold pixels from 0 to {most}. Got {image[wrong]}. ")
            + $"Set {plan.Target.Option}.Scale to 1 divided by the largest pixel.");
    }
}
