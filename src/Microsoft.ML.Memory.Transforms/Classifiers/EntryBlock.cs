// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Collects entries for a bank, which takes them in block by block.</summary>
internal sealed class EntryBlock
{
    private const int BlockBytes = 4 << 20;
    private const int LargestRows = 4096;
    private const int FirstRows = 16; // most additions are of a few entries

    private readonly MemoryBank _bank;
    private readonly bool _hasWeights;
    private readonly bool _hasIds;
    private readonly int _mostRows;
    private float[] _keys = [];
    private int[] _labels = [];
    private float[] _weights = [];
    private long[] _ids = [];
    private int _count;

    /// <summary>Starts a block; its room grows with what comes.</summary>
    /// <param name="bank">What the entries are added to.</param>
    /// <param name="hasWeights">Whether entries come with weights, else 1 each.</param>
    /// <param name="hasIds">Whether entries come with ids, else the bank gives the next free ones.</param>
    public EntryBlock(MemoryBank bank, bool hasWeights, bool hasIds)
    {
        _bank = bank;
        _hasWeights = hasWeights;
        _hasIds = hasIds;
        _mostRows = Math.Clamp(BlockBytes / (bank.Dimension * sizeof(float)), 1, LargestRows);
        Reserve(Math.Min(FirstRows, _mostRows));
    }

    /// <summary>Where the key of the next entry is to be written, [d].</summary>
    public Span<float> Key => _keys.AsSpan(_count * _bank.Dimension, _bank.Dimension);

    /// <summary>Adds the entry whose key has been written.</summary>
    public void Add(int label, float weight, long id)
    {
        _labels[_count] = label;
        if (_hasWeights) _weights[_count] = weight;
        if (_hasIds) _ids[_count] = id;
        if (++_count == _mostRows) Flush();
        else if (_count == _labels.Length) Reserve(Math.Min(_mostRows, 4 * _count));
    }

    /// <summary>Hands the rest to the bank.</summary>
    public void Flush()
    {
        if (_count == 0) return;
        _bank.AddRange(
            _keys.AsSpan(0, _count * _bank.Dimension),
            _labels.AsSpan(0, _count),
            _weights.AsSpan(0, Math.Min(_count, _weights.Length)),
            _ids.AsSpan(0, Math.Min(_count, _ids.Length)));
        _count = 0;
    }

    private void Reserve(int rows)
    {
        Array.Resize(ref _keys, rows * _bank.Dimension);
        Array.Resize(ref _labels, rows);
        if (_hasWeights) Array.Resize(ref _weights, rows);
        if (_hasIds) Array.Resize(ref _ids, rows);
    }
}
