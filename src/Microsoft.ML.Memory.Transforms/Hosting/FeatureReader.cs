// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Copies the feature vector of the current row, dense or sparse, into a dense row of fixed length.</summary>
internal sealed class FeatureReader(DataViewRow row, DataViewSchema.Column column) : IRowReader
{
    private readonly int _dimension = ((VectorDataViewType)column.Type).Size;
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private VBuffer<float> _buffer;

    /// <summary>Copies the row the input stands on.</summary>
    /// <param name="destination">Receives [d].</param>
    /// <exception cref="InvalidOperationException">
    /// The row holds another number of values than its type says.
    /// </exception>
    public void Read(Span<float> destination)
    {
        _getter(ref _buffer);
        if (_buffer.Length != _dimension)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' must hold {_dimension} values in every row. "
                + $"Got {_buffer.Length} in row {row.Position}.");
        }

        _buffer.CopyTo(destination);
    }

    /// <summary>Tells whether every value is a number.</summary>
    public static bool IsFinite(ReadOnlySpan<float> values) => TensorPrimitives.IsFiniteAll<float>(values);
}
