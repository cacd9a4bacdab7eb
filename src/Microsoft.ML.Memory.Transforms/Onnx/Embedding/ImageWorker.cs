// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Converts images on one thread.</summary>
internal sealed class ImageWorker<T>(ImageSource source, NetworkInput input)
    where T : unmanaged
{
    private readonly ImageScratch _scratch = new();
    private readonly float[] _row = typeof(T) == typeof(float) ? [] : new float[input.LengthOf(0)];

    /// <summary>Converts what was read into a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="position">Number of the row, for messages.</param>
    /// <param name="destination">Receives the row of the network.</param>
    public void Convert(int slot, long position, Span<T> destination)
    {
        if (typeof(T) == typeof(float))
        {
            source.Convert(slot, position, _scratch, System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(
                destination));
            return;
        }

        source.Convert(slot, position, _scratch, _row);
        if (ElementCast.IsWhole<T>()) System.Numerics.Tensors.TensorPrimitives.Round(_row, _row);
        int wrong = ElementCast.Convert(_row, destination);
        if (wrong < 0) return;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"Images must become {ElementCast.RangeOf<T>()} for input '{input.Name}' of the network, of type ")
            + FormattableString.Invariant($"{input.Type}. Got {_row[wrong]} in row {position}."));
    }
}
