// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of the rows whose value in one column is at least the lower and below the upper bound.</summary>
/// <remarks>A key counts as the fraction (key - 0.5) / count; missing keys and NaN are never in the range.</remarks>
internal sealed class RangeFilterView : FilterView
{
    private readonly DataViewSchema.Column _column;
    private readonly double _lower;
    private readonly double _upper;

    public RangeFilterView(
        IHostEnvironment environment, IDataView source, DataViewSchema.Column column, double lower, double upper)
        : base(environment.Register("RangeFilter", seed: 0), source)
    {
        using IChannel channel = Host.Start("Checking parameters");
        if (column.Type.RawType != typeof(float) && column.Type.RawType != typeof(double)
            && column.Type is not KeyDataViewType)
            throw channel.ExceptParam("Column", $"Column '{column.Name}' does not have compatible type");
        _column = column;
        _lower = lower;
        _upper = upper;
    }

    public override DataViewRowCursor GetRowCursor(
        IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        ActiveColumns active = new(Schema, columnsNeeded);
        DataViewRowCursor source = Source.GetRowCursor([.. active.Of(Schema), _column], rand);
        return Generic.Call<DataViewRowCursor>(
            typeof(RangeFilterView), nameof(Open), [_column.Type.RawType], this, source, active);
    }

    private static DataViewRowCursor Open<T>(RangeFilterView view, DataViewRowCursor source, ActiveColumns active) =>
        new Cursor<T>(view, source, active, ToNumber<T>(view._column.Type));

    private static Func<T, double> ToNumber<T>(DataViewType type)
    {
        if (type is not KeyDataViewType key)
            return value => Convert.ToDouble(value);
        return value => Convert.ToUInt64(value) is var number && number > 0 && number <= key.Count
            ? (number - 0.5) / key.Count
            : double.NaN;
    }

    private sealed class Cursor<T> : SourceCursor
    {
        private readonly RangeFilterView _view;
        private readonly ActiveColumns _active;
        private readonly Func<T, double> _toNumber;
        private readonly ValueGetter<T> _getter;
        private readonly ValueGetter<T> _currentGetter;
        private T _current;

        public Cursor(
            RangeFilterView view, DataViewRowCursor source, ActiveColumns active, Func<T, double> toNumber)
            : base(view.Host, source)
        {
            _view = view;
            _active = active;
            _toNumber = toNumber;
            _getter = source.GetGetter<T>(view._column);
            _currentGetter = (ref T value) =>
            {
                CheckGood();
                value = _current;
            };
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw Channel.Except();
            DataViewType type = Schema[column.Index].Type;
            if (type.RawType != typeof(TValue))
                throw Channel.ExceptWrongType<TValue>(type, "Invalid TValue in GetGetter");
            return column.Index == _view._column.Index
                ? (ValueGetter<TValue>)(object)_currentGetter
                : Source.GetGetter<TValue>(column);
        }

        protected override bool MoveNextCore()
        {
            while (Source.MoveNext())
            {
                _getter(ref _current);
                double number = _toNumber(_current);
                if (number >= _view._lower && number < _view._upper)
                    return true;
            }
            return false;
        }
    }
}
