// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>A clustered index compacted after every change while small, so that lists are searched.</summary>
internal sealed class CompactingIndex(ClusteredIndex index) : IVectorIndex, IDisposable
{
    private const int Small = 60;

    public int Dimension => index.Dimension;

    public Metric Metric => index.Metric;

    public int Count => index.Count;

    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        index.Add(ids, vectors);
        if (Count <= Small) index.Compact();
    }

    public void Remove(ReadOnlySpan<long> ids) => index.Remove(ids);

    public bool Contains(long id) => index.Contains(id);

    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
        => index.Search(queries, k, neighbors, options);

    public void Dispose() => index.Dispose();
}
