// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Places in the order of the values: numbers between smallest and largest, keys by index.</summary>
internal sealed class OrderedKey<T> : ISplitKey
{
    // The largest value belongs to the last split, whose range ends before 1.
    private static readonly double _last = Math.BitDecrement(1.0);

    private readonly DataViewSchema.Column _column;
    private readonly Func<T, double> _place;

    public OrderedKey(DataViewSchema.Column column, Func<T, double> place)
    {
        _column = column;
        _place = place;
    }

    public DataViewSchema.Column? Column => _column;

    public Func<double> Place(DataViewRowCursor cursor)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(_column);
        T value = default;
        return () =>
        {
            getter(ref value);
            double place = _place(value);
            return place >= 1 ? _last : place;
        };
    }
}
