// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Copies the candidate ids of the current row into the lists of a classifier.</summary>
internal sealed class CandidateReader(DataViewRow row, DataViewSchema.Column column, CandidateLists lists)
{
    private readonly ValueGetter<VBuffer<long>> _getter = row.GetGetter<VBuffer<long>>(column);
    private VBuffer<long> _buffer;
    private long[] _dense = [];

    /// <summary>Copies the row the input stands on.</summary>
    /// <param name="slot">Its place in the block; 0 starts a new block.</param>
    public void Read(int slot)
    {
        if (slot == 0) lists.Clear();
        _getter(ref _buffer);
        if (_dense.Length < _buffer.Length) _dense = new long[_buffer.Length];
        _buffer.CopyTo(_dense);
        lists.Add(_dense.AsSpan(0, _buffer.Length));
    }
}
