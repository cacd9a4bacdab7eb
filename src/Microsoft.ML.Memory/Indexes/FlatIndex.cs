// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Exact search over vectors kept in memory: every query is compared with every vector.</summary>
/// <remarks>
/// <para>Results are those of a brute force in double precision, whatever the number of threads.</para>
/// <para>Cost of a search: n·m·d multiplications for n queries and m vectors; memory m·d floats and, where the search
/// reads codes first, m·d bytes.</para>
/// <para>Thread safety: searches never wait; writers take turns.</para>
/// </remarks>
public sealed class FlatIndex : IVectorIndex
{
    private readonly MemoryBank _bank; // an index is a bank whose entries all have the same label
    private readonly ScanPrecision _precision;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">Length d of every vector, in [1, 2^20].</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="precision">What searches read first, where their options leave it to the index.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public FlatIndex(
        int dimension, Metric metric = Metric.Cosine, ScanPrecision precision = ScanPrecision.Auto)
        : this(new MemoryBank(dimension, metric), precision)
    {
    }

    private FlatIndex(MemoryBank bank, ScanPrecision precision)
    {
        if (!Enum.IsDefined(precision))
            throw new ArgumentException($"precision must be a precision. Got {precision}.", nameof(precision));
        _bank = bank;
        _precision = precision;
    }

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
    public bool Contains(long id) => _bank.Snapshot().TryFind(id, out _);

    /// <summary>Gives the vector of an id as it was added; false, and nothing copied, where none is stored.</summary>
    /// <param name="id">The id.</param>
    /// <param name="vector">Receives [d].</param>
    /// <exception cref="ArgumentException"><paramref name="vector"/> is not d long.</exception>
    public bool TryGetVector(long id, Span<float> vector)
    {
        Check.Length(vector.Length, Dimension, nameof(vector), "[d]");
        return _bank.Snapshot().TryCopyKey(id, vector);
    }

    /// <inheritdoc/>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null) =>
        _bank.Snapshot().Search(queries, k, neighbors, WithPrecision(options));

    /// <inheritdoc cref="BankSnapshot.RangeSearch"/>
    public void RangeSearch(
        ReadOnlySpan<float> queries, float largestDistance, NeighborTable neighbors, SearchOptions? options = null) =>
        _bank.Snapshot().RangeSearch(queries, largestDistance, neighbors, WithPrecision(options));

    /// <summary>Writes the vectors and their ids; of removed ones no byte is written.</summary>
    /// <param name="stream">Is written front to back and left open.</param>
    public void Save(Stream stream) => _bank.Save(stream);

    /// <summary>Reads an index, checking everything.</summary>
    /// <param name="stream">
    /// What <see cref="Save"/> wrote, or <see cref="MemoryBank.Save"/>, whose labels are passed over; is read front to
    /// back and left open, and need not seek.
    /// </param>
    /// <param name="precision">What searches read first, where their options leave it to the index.</param>
    /// <exception cref="InvalidDataException">
    /// The content is damaged, or of a memory that is not searched exactly; the message names section and offset, or
    /// how it is searched.
    /// </exception>
    public static FlatIndex Load(Stream stream, ScanPrecision precision = ScanPrecision.Auto)
    {
        MemoryBank bank = MemoryBank.Load(stream);
        SearchStrategy strategy = bank.Snapshot().Strategy;
        return strategy == SearchStrategy.Exact
            ? new FlatIndex(bank, precision)
            : throw new InvalidDataException(
                $"FlatIndex.Load's stream must hold a memory of Exact search. Got one of {strategy} search; "
                + "read it by MemoryBank.Load.");
    }

    private SearchOptions WithPrecision(SearchOptions? options)
    {
        options ??= SearchOptions.Default;
        return options.Precision == ScanPrecision.Auto ? options with { Precision = _precision } : options;
    }
}
