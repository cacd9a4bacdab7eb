// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Anchor = Microsoft.ML.Transforms.Image.ImageResizingEstimator.Anchor;
using ResizingKind = Microsoft.ML.Transforms.Image.ImageResizingEstimator.ResizingKind;

namespace Microsoft.ML.Transforms.Image;

/// <summary>A size, and how pictures of other sizes are brought to it.</summary>
/// <remarks>
/// Each pixel is interpolated between the four nearest to where its centre was; what lies outside is 0 in all four
/// bytes. The pages of the real transform do not say how it interpolates.
/// </remarks>
internal sealed class ResizingFrame
{
    private const int PixelBytes = 4;

    public ResizingFrame(int width, int height, ResizingKind kind, Anchor anchor)
    {
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), "The kind must be one of those that have names.");
        if (!Enum.IsDefined(anchor))
            throw new ArgumentOutOfRangeException(nameof(anchor), "The anchor must be one of those that have names.");
        Type = new ImageDataViewType(height, width);
        Kind = kind;
        Anchor = anchor;
    }

    public ImageDataViewType Type { get; }

    public ResizingKind Kind { get; }

    public Anchor Anchor { get; }

    public MLImage Resize(MLImage image)
    {
        (double scaleX, double scaleY) = Scale((double)Type.Width / image.Width, (double)Type.Height / image.Height);
        double left = Shift(Type.Width - image.Width * scaleX, Anchor.Left, Anchor.Right);
        double top = Shift(Type.Height - image.Height * scaleY, Anchor.Top, Anchor.Bottom);
        byte[] pixels = new byte[checked(Type.Width * Type.Height * PixelBytes)];
        for (int row = 0, to = 0; row < Type.Height; row++)
        {
            double y = (row + 0.5 - top) / scaleY - 0.5;
            for (int column = 0; column < Type.Width; column++, to += PixelBytes)
                Sample(image, (column + 0.5 - left) / scaleX - 0.5, y, pixels.AsSpan(to, PixelBytes));
        }
        return MLImage.CreateFromPixels(Type.Width, Type.Height, image.PixelFormat, pixels);
    }

    private static void Sample(MLImage image, double x, double y, Span<byte> pixel)
    {
        if (x < -0.5 || y < -0.5 || x > image.Width - 0.5 || y > image.Height - 0.5)
            return;
        int left = (int)Math.Clamp(Math.Floor(x), 0, image.Width - 1);
        int top = (int)Math.Clamp(Math.Floor(y), 0, image.Height - 1);
        int right = Math.Min(left + 1, image.Width - 1);
        int bottom = Math.Min(top + 1, image.Height - 1);
        double toRight = Math.Clamp(x - left, 0, 1);
        double toBottom = Math.Clamp(y - top, 0, 1);
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int colour = 0; colour < PixelBytes; colour++)
        {
            double above = double.Lerp(At(pixels, left, top), At(pixels, right, top), toRight);
            double below = double.Lerp(At(pixels, left, bottom), At(pixels, right, bottom), toRight);
            pixel[colour] = (byte)Math.Round(double.Lerp(above, below, toBottom));

            double At(ReadOnlySpan<byte> from, int column, int row) =>
                from[(row * image.Width + column) * PixelBytes + colour];
        }
    }

    private (double X, double Y) Scale(double x, double y) => Kind switch
    {
        ResizingKind.Fill => (x, y),
        ResizingKind.IsoPad => (Math.Min(x, y), Math.Min(x, y)),
        _ => (Math.Max(x, y), Math.Max(x, y)),
    };

    // Where a picture is larger than the frame by -room, the anchor stays; where it is smaller, it lies in the middle.
    private double Shift(double room, Anchor first, Anchor last) =>
        Kind != ResizingKind.IsoCrop || (Anchor != first && Anchor != last) ? room / 2 : Anchor == first ? 0 : room;
}
