// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Exact search over vectors kept in memory: every query is compared with every vector.</summary>
/// <remarks>
/// <para>Results are those of a brute force in double precision, whatever the number of threads.</para>
/// <para>Cost of a search: n·m·d multiplications for n queries and m vectors; memory m·d floats and, where the search
/// reads codes first, m·d bytes.</para>
/// <para>Thread safety: searches never wait; writers take turns.</para>
/// </remarks>
/// <param name="dimension">Length d of every vector, in [1, 2^20].</param>
/// <param name="metric">How far apart two vectors are.</param>
/// <param name="precision">What searches read first, where their options leave it to the index.</param>
public sealed class FlatIndex(
    int dimension, Metric metric = Metric.Cosine, ScanPrecision precision = ScanPrecision.Auto) : IVectorIndex
{
    // An index is a bank whose entries all have the same label; the scan reads no labels.
    private readonly MemoryBank _bank = new(dimension, metric);
    private readonly ScanPrecision _precision = Enum.IsDefined(precision)
        ? precision
        : throw new ArgumentException($"precision must be a precision. Got {precision}.", nameof(precision));

    /// <inheritdoc/>
    public int Dimension => _bank.Dimension;

    /// <inheritdoc/>
    public Metric Metric => _bank.Metric;

    /// <inheritdoc/>
    public int Count => _bank.Count;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        Check.Length(vectors.Length, (long)ids.Length * Dimension, nameof(vectors), $"[{ids.Length}, {Dimension}]");
        Check.Finite(vectors, Dimension, nameof(vectors));

        _bank.AddRange(vectors, new int[ids.Length], default, ids);
    }

    /// <inheritdoc/>
    public void Remove(ReadOnlySpan<long> ids) => _bank.Remove(ids);

    /// <inheritdoc/>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null) =>
        _bank.Snapshot().Search(queries, k, neighbors, WithPrecision(options));

    /// <inheritdoc cref="BankSnapshot.RangeSearch"/>
    public void RangeSearch(
        ReadOnlySpan<float> queries, float largestDistance, NeighborTable neighbors, SearchOptions? options = null) =>
        _bank.Snapshot().RangeSearch(queries, largestDistance, neighbors, WithPrecision(options));

    private SearchOptions WithPrecision(SearchOptions? options)
    {
        options ??= SearchOptions.Default;
        return options.Precision == ScanPrecision.Auto ? options with { Precision = _precision } : options;
    }
}
