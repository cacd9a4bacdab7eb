// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Collects entries for a bank, which takes them in block by block.</summary>
internal sealed class EntryBlock
{
    private const int BlockBytes = 4 << 20;
    private const int LargestRows = 4096;

    private readonly MemoryBank _bank;
    private readonly float[] _keys;
    private readonly int[] _labels;
    private readonly float[] _weights;
    private readonly long[] _ids;
    private int _count;

    /// <summary>Makes room for a block.</summary>
    /// <param name="bank">What the entries are added to.</param>
    /// <param name="hasWeights">Whether entries come with weights, else 1 each.</param>
    /// <param name="hasIds">Whether entries come with ids, else the bank gives the next free ones.</param>
    public EntryBlock(MemoryBank bank, bool hasWeights, bool hasIds)
    {
        _bank = bank;
        int rows = Math.Clamp(BlockBytes / (bank.Dimension * sizeof(float)), 1, LargestRows);
        _keys = new float[rows * bank.Dimension];
        _labels = new int[rows];
        _weights = hasWeights ? new float[rows] : [];
        _ids = hasIds ? new long[rows] : [];
    }

    /// <summary>Where the key of the next entry is to be written, [d].</summary>
    public Span<float> Key => _keys.AsSpan(_count * _bank.Dimension, _bank.Dimension);

    /// <summary>Adds the entry whose key has been written.</summary>
    public void Add(int label, float weight, long id)
    {
        _labels[_count] = label;
        if (_weights.Length > 0) _weights[_count] = weight;
        if (_ids.Length > 0) _ids[_count] = id;
        if (++_count == _labels.Length) Flush();
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
}
