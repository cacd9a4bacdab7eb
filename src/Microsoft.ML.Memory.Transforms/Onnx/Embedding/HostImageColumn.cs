// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>A column of the host's images, of any size in each row.</summary>
internal sealed class HostImageColumn(SizedImages images, DataViewRow row, DataViewSchema.Column column) : ImageSource
{
    private readonly ValueGetter<MLImage> _getter = row.GetGetter<MLImage>(column);
    private MLImage? _image;
    private byte[][] _pixels = [];
    private (int Width, int Height, PixelOrder Order, int Length)[] _shapes = [];

    public override void Reserve(int rows)
    {
        int before = _pixels.Length;
        if (before >= rows) return;
        Array.Resize(ref _pixels, rows);
        Array.Resize(ref _shapes, rows);
        _pixels.AsSpan(before).Fill([]);
    }

    // The host gives the image to the next row again, so its pixels are copied.
    public override void Read(int slot)
    {
        _getter(ref _image!);
        if (_image is null) throw FeedErrors.NoImage(column.Name, row.Position, "none");
        images.RequireSize(_image.Width, _image.Height, row.Position);
        ReadOnlySpan<byte> pixels = _image.Pixels;
        if (_pixels[slot].Length < pixels.Length) _pixels[slot] = new byte[pixels.Length];
        pixels.CopyTo(_pixels[slot]);
        _shapes[slot] = (_image.Width, _image.Height, HostImageCode.OrderOf(_image), pixels.Length);
    }

    public override void Convert(int slot, long position, ImageScratch scratch, Span<float> destination)
    {
        (int width, int height, PixelOrder order, int length) = _shapes[slot];
        images.Convert(_pixels[slot].AsSpan(0, length), width, height, order, scratch, destination);
    }
}
