// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Images of one size as vectors of raw pixels.</summary>
internal sealed class RawImages<T>(ImagePlan plan, DataViewRow row, DataViewSchema.Column column) : ImageSource
    where T : unmanaged
{
    private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
    private readonly int _length = plan.SourceLength;
    private VBuffer<T> _buffer;
    private T[] _pixels = [];

    public override void Reserve(int rows)
    {
        if (_pixels.Length < (long)rows * _length) _pixels = new T[checked(rows * _length)];
    }

    public override void Read(int slot)
    {
        _getter(ref _buffer);
        if (_buffer.Length != _length)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' must hold {_length} values in every row. Got {_buffer.Length} in row "
                + $"{row.Position}.");
        }

        _buffer.CopyTo(_pixels.AsSpan(slot * _length, _length));
    }

    public override void Convert(int slot, long position, ImageScratch scratch, Span<float> destination)
    {
        ImageConverter converter = scratch.Of(plan, column.Name);
        if (typeof(T) == typeof(byte))
        {
            PixelOrder order = PixelOrder.Of(
                plan.Options.Layout, plan.SourceChannels, plan.SourceHeight * plan.SourceWidth);
            byte[] bytes = (byte[])(object)_pixels;
            converter.Convert(bytes.AsSpan(slot * _length, _length), order, isGrey: false, destination);
            return;
        }

        float[] numbers = (float[])(object)_pixels;
        converter.Convert(numbers.AsSpan(slot * _length, _length), destination);
    }
}
