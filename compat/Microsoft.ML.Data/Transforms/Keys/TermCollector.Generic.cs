// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Collects the distinct values of one column while its rows are read.</summary>
internal sealed class TermCollector<TValue> : TermCollector
{
    private readonly PrimitiveDataViewType _itemType;
    private readonly int _maximumCount;
    private readonly TermRules<TValue> _rules;
    private readonly HashSet<TValue> _seen;
    private readonly List<TValue> _values = [];
    private readonly Action _read;

    public TermCollector(
        DataViewRow row, DataViewSchema.Column source, PrimitiveDataViewType itemType, int maximumCount)
    {
        _itemType = itemType;
        _maximumCount = maximumCount;
        _rules = new TermRules<TValue>(itemType);
        _seen = new HashSet<TValue>(_rules);
        _read = source.Type is VectorDataViewType
            ? MakeReader(row.GetGetter<VBuffer<TValue>>(source))
            : MakeReader(row.GetGetter<TValue>(source));
    }

    public override void Read() => _read();

    public override TermMap Finish(bool sort)
    {
        TValue[] values = [.. _values];
        if (sort)
            Array.Sort(values, _rules);
        return new TermMap<TValue>(_itemType, values);
    }

    private Action MakeReader(ValueGetter<TValue> getter)
    {
        TValue value = default;
        return () =>
        {
            getter(ref value);
            Add(value);
        };
    }

    private Action MakeReader(ValueGetter<VBuffer<TValue>> getter)
    {
        VBuffer<TValue> values = default;
        return () =>
        {
            getter(ref values);
            foreach (TValue value in values.DenseValues())
                Add(value);
        };
    }

    private void Add(TValue value)
    {
        if (_values.Count >= _maximumCount || _rules.IsMissing(in value) || _seen.Contains(value))
            return;
        // A cursor may reuse the memory of a text.
        if (value is ReadOnlyMemory<char> text)
            value = (TValue)(object)text.ToString().AsMemory();
        _seen.Add(value);
        _values.Add(value);
    }
}
