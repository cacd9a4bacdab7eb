// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Appends rows to blocks that snapshots already see, or to new ones.</summary>
internal sealed class QuantizedBlockWriter
{
    private readonly List<QuantizedBlockView> _views;
    private readonly int _dimension;
    private readonly int _subspaceCount;
    private readonly bool _keepsVectors;

    /// <param name="views">Blocks that are there; the last one is appended to.</param>
    /// <param name="dimension">d.</param>
    /// <param name="subspaceCount">m; 0 while there are no codes.</param>
    /// <param name="keepsVectors">Whether vectors are stored.</param>
    public QuantizedBlockWriter(QuantizedBlockView[] views, int dimension, int subspaceCount, bool keepsVectors)
    {
        _views = [.. views];
        _dimension = dimension;
        _subspaceCount = subspaceCount;
        _keepsVectors = keepsVectors;
        End = views.Length == 0 ? 0 : views[^1].Block.Start + views[^1].Count;
    }

    public QuantizedBlockView[] Views => [.. _views];

    /// <summary>Position of the next row.</summary>
    public int End { get; private set; }

    /// <summary>Appends rows.</summary>
    /// <param name="ids">[n].</param>
    /// <param name="codes">[n, m]; empty while there are none.</param>
    /// <param name="vectors">[n, d]; empty where they are not kept.</param>
    public void Append(ReadOnlySpan<long> ids, ReadOnlySpan<byte> codes, ReadOnlySpan<float> vectors)
    {
        for (int row = 0; row < ids.Length; row++)
        {
            if (_views.Count == 0 || _views[^1].Count == _views[^1].Block.Capacity) AddBlock();
            QuantizedBlockView view = _views[^1];
            view.Block.Ids[view.Count] = ids[row];
            if (!codes.IsEmpty) view.Block.Codes.Set(view.Count, codes.Slice(row * _subspaceCount, _subspaceCount));
            if (_keepsVectors) view.Block.SetVector(view.Count, vectors.Slice(row * _dimension, _dimension));
            _views[^1] = view with { Count = view.Count + 1 };
            End++;
        }
    }

    private void AddBlock()
    {
        int bytes = _keepsVectors ? _dimension : 1;
        int capacity = QuantizedBlock.CapacityAfter(End, bytes);
        _views.Add(new QuantizedBlockView(
            new QuantizedBlock(End, capacity, _subspaceCount, _keepsVectors ? _dimension : 0), 0, null));
    }
}
