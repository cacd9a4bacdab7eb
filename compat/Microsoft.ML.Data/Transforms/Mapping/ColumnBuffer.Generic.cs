// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Holds the value of one column of the current row.</summary>
internal sealed class ColumnBuffer<TValue> : ColumnBuffer
{
    private readonly ValueGetter<TValue> _source;
    private readonly Func<bool> _isOnRow;
    private readonly ValueGetter<TValue> _getter;
    private TValue _value;

    public ColumnBuffer(ValueGetter<TValue> source, Func<bool> isOnRow)
    {
        _source = source;
        _isOnRow = isOnRow;
        _getter = Get;
    }

    public override Delegate Getter => _getter;

    public override Type ValueType => typeof(TValue);

    public override void Fill() => _source(ref _value);

    private void Get(ref TValue value)
    {
        if (!_isOnRow())
            throw NoRow();
        ValueCopy<TValue>.Copy(in _value, ref value);
    }
}
