// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Images as the bytes of PNG and JPEG files, decoded by the host's images.</summary>
internal sealed class EncodedImages : ImageSource
{
    private readonly SizedImages _images;
    private readonly DataViewRow _row;
    private readonly ValueGetter<VBuffer<byte>> _getter;
    private VBuffer<byte> _buffer;
    private byte[][] _files = [];
    private int[] _lengths = [];

    /// <exception cref="InvalidOperationException">The host's images are not there.</exception>
    public EncodedImages(SizedImages images, DataViewRow row, DataViewSchema.Column column)
    {
        HostImages.RequireAssembly();
        _images = images;
        _row = row;
        _getter = row.GetGetter<VBuffer<byte>>(column);
    }

    public override void Reserve(int rows)
    {
        int before = _files.Length;
        if (before >= rows) return;
        Array.Resize(ref _files, rows);
        Array.Resize(ref _lengths, rows);
        _files.AsSpan(before).Fill([]);
    }

    public override void Read(int slot)
    {
        _getter(ref _buffer);
        _images.RequireBytes(_buffer.Length, _row.Position);
        if (_files[slot].Length < _buffer.Length) _files[slot] = new byte[_buffer.Length];
        _buffer.CopyTo(_files[slot]);
        _lengths[slot] = _buffer.Length;
    }

    public override void Convert(int slot, long position, ImageScratch scratch, Span<float> destination)
    {
        ReadOnlySpan<byte> file = _files[slot].AsSpan(0, _lengths[slot]);
        if (ImageHeader.SizeOf(file) is not { } size)
        {
            throw FeedErrors.NoImage(
                _images.ColumnName, position, $"{file.Length} bytes that are neither PNG nor JPEG");
        }

        _images.RequireSize(size.Width, size.Height, position);
        (int Width, int Height, PixelOrder Order, int Length) decoded = HostImages.Decode(
            _files[slot], _lengths[slot], scratch, _images.ColumnName, position);
        _images.RequireSize(decoded.Width, decoded.Height, position);
        _images.Convert(
            scratch.Pixels.AsSpan(0, decoded.Length), decoded.Width, decoded.Height, decoded.Order, scratch,
            destination);
    }
}
