// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Places from a hash of a column's value, so that equal values stay together.</summary>
internal sealed class HashedKey<T> : ISplitKey
{
    private readonly DataViewSchema.Column _column;
    private readonly Func<T, ulong> _code;
    private readonly ulong _seed;

    public HashedKey(DataViewSchema.Column column, int seed, Func<T, ulong> code)
    {
        _column = column;
        _code = code;
        _seed = SplitHash.Start(seed);
    }

    public DataViewSchema.Column? Column => _column;

    public Func<double> Place(DataViewRowCursor cursor)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(_column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return SplitHash.ToPlace(SplitHash.Mix(_seed, _code(value)));
        };
    }
}
