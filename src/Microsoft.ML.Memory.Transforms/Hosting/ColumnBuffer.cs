// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Holds the values of one input column for the rows of a block.</summary>
internal abstract class ColumnBuffer
{
    private static readonly MethodInfo _createScalar = Method(nameof(CreateScalar));
    private static readonly MethodInfo _createVector = Method(nameof(CreateVector));

    /// <summary>Makes a buffer for a column that is active in <paramref name="input"/>.</summary>
    public static ColumnBuffer Create(DataViewRow input, DataViewSchema.Column column)
    {
        (MethodInfo create, Type type) = column.Type is VectorDataViewType vector
            ? (_createVector, vector.ItemType.RawType)
            : (_createScalar, column.Type.RawType);
        return (ColumnBuffer)create.MakeGenericMethod(type).Invoke(null, [input, column])!;
    }

    public abstract void Reserve(int rows);

    public abstract void Read(int slot);

    public abstract Delegate CreateGetter(Func<int> slot);

    private static MethodInfo Method(string name)
        => typeof(ColumnBuffer).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static Scalar<T> CreateScalar<T>(DataViewRow input, DataViewSchema.Column column)
        => new(input.GetGetter<T>(column));

    private static Vector<T> CreateVector<T>(DataViewRow input, DataViewSchema.Column column)
        => new(input.GetGetter<VBuffer<T>>(column));

    private sealed class Scalar<T>(ValueGetter<T> getter) : ColumnBuffer
    {
        private T[] _values = [];

        public override void Reserve(int rows)
        {
            if (_values.Length < rows) Array.Resize(ref _values, rows);
        }

        public override void Read(int slot) => getter(ref _values[slot]);

        public override Delegate CreateGetter(Func<int> slot)
            => new ValueGetter<T>((ref T value) => value = _values[slot()]);
    }

    private sealed class Vector<T>(ValueGetter<VBuffer<T>> getter) : ColumnBuffer
    {
        private VBuffer<T>[] _values = [];

        public override void Reserve(int rows)
        {
            if (_values.Length < rows) Array.Resize(ref _values, rows);
        }

        public override void Read(int slot) => getter(ref _values[slot]);

        public override Delegate CreateGetter(Func<int> slot)
            => new ValueGetter<VBuffer<T>>((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));
    }
}
