// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of the rows without a missing value in the named columns: NaN, empty text, key 0.</summary>
internal sealed class MissingValueFilterView : FilterView
{
    private readonly DataViewSchema.Column[] _columns;

    public MissingValueFilterView(IHostEnvironment environment, IDataView source, DataViewSchema.Column[] columns)
        : base(environment.Register("MissingValueFilter", seed: 0), source) => _columns = columns;

    public override DataViewRowCursor GetRowCursor(
        IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        ActiveColumns active = new(Schema, columnsNeeded);
        return new Cursor(Host, Source.GetRowCursor([.. active.Of(Schema), .. _columns], rand), active, _columns);
    }

    private static Func<bool> Test<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return IsMissing(column.Type, value);
        };
    }

    private static Func<bool> TestVector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        DataViewType itemType = PrimitiveTypes.ItemTypeOf(column.Type);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            foreach (T item in value.GetValues())
            {
                if (IsMissing(itemType, item))
                    return true;
            }
            return false;
        };
    }

    private static bool IsMissing<T>(DataViewType type, T value) => value switch
    {
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        ReadOnlyMemory<char> text => text.IsEmpty,
        _ => type is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
    };

    private sealed class Cursor : SourceCursor
    {
        private readonly ActiveColumns _active;
        private readonly Func<bool>[] _tests;

        public Cursor(IHost host, DataViewRowCursor source, ActiveColumns active, DataViewSchema.Column[] columns)
            : base(host, source)
        {
            _active = active;
            _tests = [.. columns.Select(column => column.Type is VectorDataViewType vector
                ? Generic.Call<Func<bool>>(typeof(MissingValueFilterView), nameof(TestVector),
                    [vector.ItemType.RawType], source, column)
                : Generic.Call<Func<bool>>(typeof(MissingValueFilterView), nameof(Test),
                    [column.Type.RawType], source, column))];
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw Channel.Except();
            return Source.GetGetter<TValue>(column);
        }

        protected override bool MoveNextCore()
        {
            while (Source.MoveNext())
            {
                if (!Array.Exists(_tests, isMissing => isMissing()))
                    return true;
            }
            return false;
        }
    }
}
