// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>One of the columns that are joined: a scalar or a vector.</summary>
internal sealed class ConcatenatedPart<TItem>
{
    private readonly ValueGetter<TItem> _scalar;
    private readonly ValueGetter<VBuffer<TItem>> _vector;
    private readonly string _name;
    private readonly int _size;
    private TItem _value;
    private VBuffer<TItem> _values;

    private ConcatenatedPart(
        string name, int size, ValueGetter<TItem> scalar, ValueGetter<VBuffer<TItem>> vector)
    {
        _name = name;
        _size = size;
        _scalar = scalar;
        _vector = vector;
    }

    public int Length => _vector is null ? 1 : _values.Length;

    public int StoredCount => _vector is null ? 1 : _values.GetValues().Length;

    public static ConcatenatedPart<TItem> Create(DataViewRow row, DataViewSchema.Column column) =>
        column.Type is VectorDataViewType type
            ? new ConcatenatedPart<TItem>(column.Name, type.Size, null, row.GetGetter<VBuffer<TItem>>(column))
            : new ConcatenatedPart<TItem>(column.Name, 1, row.GetGetter<TItem>(column), null);

    public void Read()
    {
        if (_vector is null)
        {
            _scalar(ref _value);
            return;
        }

        _vector(ref _values);
        if (_size > 0 && _values.Length != _size)
            throw Marked.Operation($"Column '{_name}': expected {_size} slots, but got {_values.Length}");
    }

    public void WriteDense(Span<TItem> target)
    {
        if (_vector is null)
            target[0] = _value;
        else
            _values.CopyTo(target);
    }

    public void WriteSparse(Span<TItem> values, Span<int> indices, int offset)
    {
        if (_vector is null)
        {
            values[0] = _value;
            indices[0] = offset;
            return;
        }

        ReadOnlySpan<TItem> stored = _values.GetValues();
        stored.CopyTo(values);
        for (int i = 0; i < stored.Length; i++)
            indices[i] = offset + (_values.IsDense ? i : _values.GetIndices()[i]);
    }
}
