// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>All values of one column.</summary>
internal abstract class CachedColumn
{
    public static CachedColumn Create(DataViewSchema.Column column, DataViewRow row) =>
        column.Type is VectorDataViewType vector
            ? Generic.Call<CachedColumn>(typeof(CachedColumn), nameof(Vector), [vector.ItemType.RawType], column, row)
            : Generic.Call<CachedColumn>(typeof(CachedColumn), nameof(Scalar), [column.Type.RawType], column, row);

    /// <summary>Adds the value of the row that the column was created over.</summary>
    public abstract void Add();

    /// <summary>A getter of the value at the index that the function gives at the time of the call.</summary>
    public abstract Delegate CreateGetter(Func<int> index);

    private static CachedColumn Scalar<T>(DataViewSchema.Column column, DataViewRow row) =>
        new ScalarColumn<T>(row.GetGetter<T>(column));

    private static CachedColumn Vector<T>(DataViewSchema.Column column, DataViewRow row) =>
        new VectorColumn<T>(row.GetGetter<VBuffer<T>>(column));

    private sealed class ScalarColumn<T>(ValueGetter<T> getter) : CachedColumn
    {
        private readonly List<T> _values = [];

        public override void Add()
        {
            T value = default;
            getter(ref value);
            _values.Add(value);
        }

        public override Delegate CreateGetter(Func<int> index) =>
            (ValueGetter<T>)((ref T value) => value = _values[index()]);
    }

    private sealed class VectorColumn<T>(ValueGetter<VBuffer<T>> getter) : CachedColumn
    {
        private readonly List<VBuffer<T>> _values = [];

        public override void Add()
        {
            VBuffer<T> value = default;
            getter(ref value);
            _values.Add(value);
        }

        public override Delegate CreateGetter(Func<int> index) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[index()].CopyTo(ref value));
    }
}
