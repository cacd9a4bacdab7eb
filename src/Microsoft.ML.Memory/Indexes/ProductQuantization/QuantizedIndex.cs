// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Approximate search over product-quantised vectors, which are themselves kept or not.</summary>
/// <remarks>
/// <para>Until <see cref="QuantizedSettings.TrainingCount"/> entries are stored, vectors are kept and searches exact;
/// the addition that reaches that number trains the codebooks, once, and codes everything. Candidates are the entries
/// with the smallest sums of table entries, tables rounded to 8 bits; they are ranked again by their vectors or, where
/// vectors are not kept, by what their codes stand for. Vectors that came later are coded by the same codebooks.</para>
/// <para>Under the cosine what is coded are vectors scaled to length 1. Where vectors are not kept, distances are those
/// to the decoded vectors. From <see cref="SearchOptions.CandidateCount"/> or k of <see cref="Count"/> on all entries
/// are compared. By inner product, where some centroids are 64 times as long as most, as many candidates again are
/// chosen by tables in which those differ from the others by no more than the others do.</para>
/// <para>Memory of an entry: m bytes, 8 for its id and about 40 for finding it by its id, and 4·d where vectors are
/// kept. Cost of a search of one query: 256·d for the tables, n·m look-ups, c·d for c candidates. An addition costs
/// 256·d for each vector, the one that trains <see cref="QuantizedSettings.Iterations"/> times that for all (at most
/// 32,768).</para>
/// <para>Removed rows are marked and, once they are a fifth of all, gone, and their memory overwritten when no search
/// reads it any more; codebooks stay what they were, functions of the vectors they were trained on.</para>
/// <para>Thread safety: searches never wait; writers take turns.</para>
/// <para>Source: Jégou, Douze, Schmid, "Product Quantization for Nearest Neighbor Search", IEEE TPAMI 33(1), 2011.
/// Differs from the paper: tables are rounded to 8 bits for the choice of candidates; no inverted lists.</para>
/// </remarks>
public sealed partial class QuantizedIndex : IVectorIndex
{
    private readonly Lock _turn = new();
    private volatile QuantizedState _state = new(null, [], 0, 0);
    private Dictionary<long, int> _positions = [];

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">Length d of every vector, in [1, 2^20].</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <exception cref="ArgumentException">An argument or a setting is out of its range.</exception>
    public QuantizedIndex(int dimension, Metric metric = Metric.Cosine, QuantizedSettings? settings = null)
    {
        settings ??= new QuantizedSettings();
        settings.Validate();
        Check.Dimension(dimension);
        Check.Metric(metric);
        if (settings.SubspaceCount > dimension)
        {
            throw new ArgumentException(
                $"QuantizedSettings.SubspaceCount must be at most the dimension, {dimension}. "
                + $"Got {settings.SubspaceCount}.");
        }

        Dimension = dimension;
        Metric = metric;
        Settings = settings;
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public Metric Metric { get; }

    /// <summary>Settings of the index.</summary>
    public QuantizedSettings Settings { get; }

    /// <inheritdoc/>
    public int Count => _state.Count;

    /// <summary>The codebooks; null until they are trained.</summary>
    public ProductQuantizer? Quantizer => _state.Quantizer;

    /// <inheritdoc/>
    public bool Contains(long id)
    {
        lock (_turn) return _positions.ContainsKey(id);
    }

    /// <summary>
    /// Gives the vector of an id: as it was added or, where vectors are not kept, what its code stands for, which by
    /// cosine is about of length 1. False, and nothing copied, where none is stored.
    /// </summary>
    /// <remarks>May wait for a writer that is at work.</remarks>
    /// <param name="id">The id.</param>
    /// <param name="vector">Receives [d].</param>
    /// <exception cref="ArgumentException"><paramref name="vector"/> is not d long.</exception>
    public bool TryGetVector(long id, Span<float> vector)
    {
        Check.Length(vector.Length, Dimension, nameof(vector), "[d]");
        lock (_turn)
        {
            if (!_positions.TryGetValue(id, out int position)) return false;
            (int view, int row) = _state.Locate(position);
            QuantizedBlock block = _state.Views[view].Block;
            if (Settings.KeepVectors || _state.Quantizer is not { } quantizer) block.CopyVector(row, vector);
            else Decode(quantizer, block.Codes, row, vector);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
        => Search(queries, k, neighbors, options, QuantizedWidths.Best);

    /// <summary>Searches with one way of looking up codes.</summary>
    internal void Search(
        ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options, QuantizedWidth width)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        Check.AtLeast(k, 1, "Search's k");
        if (queries.Length % Dimension != 0)
            throw new ArgumentException(
                $"queries must be [n, {Dimension}]. Got {queries.Length} values.", nameof(queries));

        options ??= SearchOptions.Default;
        QuantizedState state = _state;
        int count = queries.Length / Dimension;
        int most = Math.Min(k, state.Count);
        neighbors.Reset(count, Math.Max(1, most));
        if (count == 0 || most == 0) return;

        int candidates = state.Quantizer is null
            ? 0
            : QuantizedRequest.CandidatesOf(k, state.Count, Settings, options);
        var request = new QuantizedRequest(
            state.Quantizer, state.ToScan(), Dimension, Metric, most, candidates, options.Filter, width);
        QuantizedSearch.Run(request, queries, neighbors, options.ThreadCount);
        GC.KeepAlive(state);
    }

    private static void Decode(ProductQuantizer quantizer, QuantizedColumn codes, int row, Span<float> vector)
    {
        Span<byte> code = stackalloc byte[quantizer.SubspaceCount];
        codes.CopyTo(row, code);
        quantizer.Decode(code, vector);
    }
}
