// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>One column of a block of rows.</summary>
internal sealed class BlockColumn<TValue> : BlockColumn
{
    private readonly ValueGetter<TValue> _source;
    private readonly TValue[] _values = new TValue[RowSplitter.BlockSize];

    public BlockColumn(ValueGetter<TValue> source)
    {
        _source = source;
    }

    public override void Read(int row) => _source(ref _values[row]);

    public void Get(int row, ref TValue value) => ValueCopy<TValue>.Copy(in _values[row], ref value);
}
