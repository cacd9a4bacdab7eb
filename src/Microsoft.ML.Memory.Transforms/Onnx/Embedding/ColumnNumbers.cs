// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Reads the numbers of a column, a scalar or a vector, of whatever type they are.</summary>
internal abstract class ColumnNumbers
{
    /// <summary>Makes the reader of a column whose type <see cref="FeedColumn.NumberOf"/> knows.</summary>
    public static ColumnNumbers Of(DataViewRow row, DataViewSchema.Column column)
    {
        Type type = FeedColumn.NumberOf(column.Type)!.RawType;
        if (type == typeof(float)) return new Numbers<float>(row, column, TensorPrimitives.ConvertTruncating);
        if (type == typeof(double)) return new Numbers<double>(row, column, TensorPrimitives.ConvertTruncating);
        if (type == typeof(byte)) return new Numbers<byte>(row, column, TensorPrimitives.ConvertTruncating);
        if (type == typeof(int)) return new Numbers<int>(row, column, TensorPrimitives.ConvertTruncating);
        if (type == typeof(uint)) return new Numbers<uint>(row, column, TensorPrimitives.ConvertTruncating);
        return type == typeof(long)
            ? new Numbers<long>(row, column, TensorPrimitives.ConvertTruncating)
            : new Numbers<bool>(row, column, FromBooleans);
    }

    /// <summary>Takes in the row that the input stands on, and gives how many numbers it holds.</summary>
    public abstract int Read();

    /// <summary>Converts the numbers of the row.</summary>
    /// <returns>The place of the first that does not fit; -1 where all do.</returns>
    public abstract int CopyTo<T>(Span<T> destination)
        where T : unmanaged;

    /// <summary>Shows a number of the row.</summary>
    public abstract string Shown(int place);

    private static void FromBooleans(ReadOnlySpan<bool> source, Span<double> destination)
    {
        for (int i = 0; i < source.Length; i++) destination[i] = source[i] ? 1 : 0;
    }

    private delegate void ToDoubles<TColumn>(ReadOnlySpan<TColumn> source, Span<double> destination);

    private sealed class Numbers<TColumn>(
        DataViewRow row, DataViewSchema.Column column, ToDoubles<TColumn> convert) : ColumnNumbers
        where TColumn : unmanaged
    {
        private readonly ValueGetter<VBuffer<TColumn>>? _vector =
            column.Type is VectorDataViewType ? row.GetGetter<VBuffer<TColumn>>(column) : null;

        private readonly ValueGetter<TColumn>? _scalar =
            column.Type is VectorDataViewType ? null : row.GetGetter<TColumn>(column);

        private VBuffer<TColumn> _buffer;
        private TColumn[] _dense = [];
        private double[] _doubles = [];

        public override int Read()
        {
            if (_scalar is not null)
            {
                if (_dense.Length == 0) _dense = new TColumn[1];
                _scalar(ref _dense[0]);
                return 1;
            }

            _vector!(ref _buffer);
            return _buffer.Length;
        }

        public override int CopyTo<T>(Span<T> destination)
        {
            ReadOnlySpan<TColumn> values = Values();
            if (typeof(TColumn) == typeof(float))
            {
                return ElementCast.Convert(
                    System.Runtime.InteropServices.MemoryMarshal.Cast<TColumn, float>(values), destination);
            }

            if (_doubles.Length < values.Length) _doubles = new double[values.Length];
            Span<double> doubles = _doubles.AsSpan(0, values.Length);
            convert(values, doubles);
            return ElementCast.Convert(doubles, destination);
        }

        public override string Shown(int place) => FormattableString.Invariant($"{Values()[place]}");

        private ReadOnlySpan<TColumn> Values()
        {
            if (_scalar is not null) return _dense.AsSpan(0, 1);
            if (_buffer.IsDense) return _buffer.GetValues();
            if (_dense.Length < _buffer.Length) _dense = new TColumn[_buffer.Length];
            _buffer.CopyTo(_dense);
            return _dense.AsSpan(0, _buffer.Length);
        }
    }
}
