// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Makes a tensor of the value of a column in the current row.</summary>
internal abstract class TensorInput : IDisposable
{
    public static TensorInput Create(TensorColumn tensor, DataViewRow row, DataViewSchema.Column column)
    {
        Func<int, long[]> shape = ShapeOf(tensor, column.Type);
        if (tensor.ItemType is TextDataViewType)
            return new Text(shape, Reader<ReadOnlyMemory<char>>(row, column));
        MethodInfo create = typeof(TensorInput)
            .GetMethod(nameof(CreateNumbers), BindingFlags.Static | BindingFlags.NonPublic);
        return (TensorInput)create.MakeGenericMethod(tensor.ItemType.RawType).Invoke(null, [shape, row, column]);
    }

    /// <summary>Reads the row; the tensor is good until the next read.</summary>
    public abstract OrtValue Read();

    public abstract void Dispose();

    // A single value has two dimensions whatever the network says, which may then refuse it.
    private static Func<int, long[]> ShapeOf(TensorColumn tensor, DataViewType type) => type switch
    {
        VectorDataViewType vector => count => tensor.ShapeFor(count, !vector.IsKnownSize),
        _ when tensor.IsScalar => count => tensor.ShapeFor(count, isVariable: false),
        _ => _ => [1, 1],
    };

    private static Numbers<T> CreateNumbers<T>(
        Func<int, long[]> shape, DataViewRow row, DataViewSchema.Column column)
        where T : unmanaged => new(shape, Reader<T>(row, column));

    private static ValueGetter<VBuffer<T>> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
            return row.GetGetter<VBuffer<T>>(column);
        ValueGetter<T> scalar = row.GetGetter<T>(column);
        T value = default;
        return (ref VBuffer<T> buffer) =>
        {
            scalar(ref value);
            VBufferEditor<T> editor = VBufferEditor.Create(ref buffer, 1);
            editor.Values[0] = value;
            buffer = editor.Commit();
        };
    }

    /// <summary>Keeps one tensor over one array for as long as the number of values stays the same.</summary>
    private sealed class Numbers<T>(Func<int, long[]> shape, ValueGetter<VBuffer<T>> reader) : TensorInput
        where T : unmanaged
    {
        private VBuffer<T> _buffer;
        private T[] _values = [];
        private OrtValue _value;

        public override OrtValue Read()
        {
            reader(ref _buffer);
            if (_value is null || _values.Length != _buffer.Length)
            {
                long[] sizes = shape(_buffer.Length);
                _value?.Dispose();
                _values = new T[_buffer.Length];
                _value = OrtValue.CreateTensorValueFromMemory(_values, sizes);
            }
            _buffer.CopyTo(_values);
            return _value;
        }

        public override void Dispose() => _value?.Dispose();
    }

    private sealed class Text(Func<int, long[]> shape, ValueGetter<VBuffer<ReadOnlyMemory<char>>> reader) : TensorInput
    {
        private VBuffer<ReadOnlyMemory<char>> _buffer;
        private OrtValue _value;

        public override OrtValue Read()
        {
            reader(ref _buffer);
            long[] sizes = shape(_buffer.Length);
            _value?.Dispose();
            _value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, sizes);
            int index = 0;
            foreach (ReadOnlyMemory<char> text in _buffer.DenseValues())
                _value.StringTensorSetElementAt(text.Span, index++);
            return _value;
        }

        public override void Dispose() => _value?.Dispose();
    }
}
