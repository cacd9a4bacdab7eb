// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Position, batch and id of the rows of a block.</summary>
internal sealed class RowBuffer(DataViewRow input)
{
    private readonly ValueGetter<DataViewRowId> _id = input.GetIdGetter();
    private long[] _positions = [];
    private long[] _batches = [];
    private DataViewRowId[] _ids = [];

    public void Reserve(int rows)
    {
        if (_positions.Length >= rows) return;
        _positions = new long[rows];
        _batches = new long[rows];
        _ids = new DataViewRowId[rows];
    }

    public void Read(int slot)
    {
        _positions[slot] = input.Position;
        _batches[slot] = input.Batch;
        _id(ref _ids[slot]);
    }

    public long PositionOf(int slot) => _positions[slot];

    public long BatchOf(int slot) => _batches[slot];

    public ValueGetter<DataViewRowId> CreateIdGetter(Func<int> slot)
        => (ref DataViewRowId value) => value = _ids[slot()];
}
