// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;

namespace Microsoft.ML.Memory;

/// <summary>
/// Approximate search along a graph of near neighbours (HNSW), for banks too large to compare with all.
/// </summary>
/// <remarks>
/// <para>Every entry has links to near entries in different directions, some of them also on higher, sparser layers. A
/// search goes down the layers towards the query and then keeps the nearest entries met until none of them leads
/// nearer. The entries kept, <see cref="SearchOptions.CandidateCount"/> of them, are ranked by exact distances. Under
/// the inner product the graph is built by that product, of entries relative to a centre.</para>
/// <para>Of entries with the same vector (0 and -0 are the same) only the first is in the graph; the others hang on it
/// in the order of adding, and a search that keeps it finds them with it. So there may be any number of them. Entries
/// nearer to each other than codes tell are linked by their vectors; of more of them than candidates, chance says which
/// are found. Not so under the inner product, where near is not small.</para>
/// <para>Exact, by comparing with all, where k or the number of candidates reaches <see cref="Count"/>, where a filter
/// lets few entries pass, where vectors have codes while there are fewer than 256 entries, and, other than under the
/// cosine, while an entry or the query is longer than 2^60. A search with a filter finds k entries wherever as many
/// pass.</para>
/// <para>Codes, all but those of <see cref="VectorEncoding.Single"/> under squared L2 and the inner product, are
/// relative to a centre where entries lie further from the origin than from each other. The <see cref="Add"/> that
/// brings the number of entries to 256 or more chooses it, from entries evenly spread: in each dimension the mean of
/// the middle half of the values, or none at all where it would not pay.</para>
/// <para>Under the inner product the centre is the mean of entries at most four times as long as the median, moved back
/// towards the origin by a third of the median of their distances from it, and the origin where that is not as far. By
/// every encoding entries are linked relative to it, and walks start at the 2·M entries farthest along it, too; finding
/// these anew, after a removal that leaves fewer than half of them, takes a product with every entry.</para>
/// <para>Cost: a search some hundred to thousand comparisons, growing with the logarithm of n; adding an entry a search
/// with <see cref="GraphSettings.BuildCandidateCount"/> candidates; removing one two or three. Memory of an entry: its
/// vector, 4·d bytes; its code, as many for <see cref="VectorEncoding.Single"/> under the cosine and none otherwise,
/// 2·d for Half, d for SignedByte, each rounded up; 8·M bytes of links and about 100 more; once entries have been
/// removed, another 8·M or so. Memory of removed entries is used again by new ones, not given back before the index
/// goes.</para>
/// <para>The graph follows from the seed and the order of changes, whatever the number of threads; where entries are
/// removed while searches run, also from which memory these still hold. Entries added by one call are linked up to 256
/// at a time, so many calls may make another graph than one, and as good a one.</para>
/// <para>Thread safety: writers take turns. Searches never wait for a writer; each answers with entries that were there
/// when it began, and a change is seen as a whole or not at all. A removed vector is overwritten when the searches that
/// began before its removal have ended, at the latest by the next change.</para>
/// <para>Source: Malkov and Yashunin, 2016, arXiv 1603.09320, Algorithms 1, 2, 4 and 5.</para>
/// <para>Differs from the paper: entries are linked in batches, whose members are compared with each other and not met
/// on walks; entries can be removed, with the links to them chosen anew; candidates that the heuristic discards are
/// never kept; entries with the same vector count as one; codes of fewer bits may stand for the vectors, but where they
/// tell little while links are chosen; by inner product no vector keeps links away from others that it is 64 times as
/// long as, entries are linked relative to a centre, and walks have several entrances.</para>
/// </remarks>
public sealed unsafe partial class GraphIndex : IVectorIndex
{
    private readonly Lock _gate = new();
    private readonly GraphNodes _nodes;
    private readonly GraphCopies _copies;
    private readonly GraphEntrance _entrance = new();
    private readonly GraphReaders _readers;
    private readonly Dictionary<long, int> _slots = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<(int Slot, long Version)> _retired = new();
    private readonly ConcurrentBag<GraphWorker> _workers = [];
    private readonly ConcurrentBag<GraphLinker> _linkers = [];
    private readonly SeededRandom _random;
    private IncomingLinks? _incoming;
    private long _nextSequence;
    private int _linked;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">
    /// Length d of every vector, in [1, 2^20]; at most 2^16 for <see cref="VectorEncoding.SignedByte"/>.
    /// </param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <exception cref="ArgumentException">The dimension, the metric or a setting is out of its range.</exception>
    public GraphIndex(int dimension, Metric metric = Metric.Cosine, GraphSettings? settings = null)
        : this(dimension, metric, settings ?? new GraphSettings(), ScanWidths.Best)
    {
    }

    /// <summary>Makes an empty index, for certain instructions or for vectors that somebody else keeps.</summary>
    internal GraphIndex(
        int dimension, Metric metric, GraphSettings settings, ScanWidth width, bool borrowsRows = false)
        : this(dimension, metric, settings, width, borrowsRows, new SeededRandom(settings.Seed))
    {
    }

    private GraphIndex(
        int dimension, Metric metric, GraphSettings settings, ScanWidth width, bool borrowsRows, SeededRandom random)
    {
        Check.Dimension(dimension);
        Check.Metric(metric);
        settings.Validate();
        if (settings.Encoding == VectorEncoding.SignedByte && dimension > GraphLimits.LongestSignedByteRow)
            throw new ArgumentException(
                $"dimension must be at most {GraphLimits.LongestSignedByteRow} for VectorEncoding.SignedByte. "
                + $"Got {dimension}.",
                nameof(dimension));
        Settings = settings;
        _random = random;
        _nodes = new GraphNodes(
            RowCodec.Create(settings.Encoding, metric, dimension, width), settings.LinkCount, borrowsRows);
        _copies = new GraphCopies(_nodes);
        _readers = new GraphReaders(new GraphState(0, 0, 0, 0, -1, -1, [], 0));
    }

    /// <inheritdoc/>
    public int Dimension => _nodes.Codec.Dimension;

    /// <inheritdoc/>
    public Metric Metric => _nodes.Codec.Metric;

    /// <inheritdoc/>
    public int Count => _readers.Current.Count;

    /// <summary>What the index was made with.</summary>
    public GraphSettings Settings { get; private set; }

    private int ThreadCount => Settings.ThreadCount ?? Environment.ProcessorCount;

    /// <inheritdoc/>
    public bool Contains(long id)
    {
        lock (_gate) return _slots.ContainsKey(id);
    }

    /// <summary>Gives the vector of an id as it was added; false, and nothing copied, where none is stored.</summary>
    /// <remarks>May wait for a writer that is at work.</remarks>
    /// <param name="id">The id.</param>
    /// <param name="vector">Receives [d].</param>
    /// <exception cref="ArgumentException"><paramref name="vector"/> is not d long.</exception>
    public bool TryGetVector(long id, Span<float> vector)
    {
        Check.Length(vector.Length, Dimension, nameof(vector), "[d]");
        lock (_gate)
        {
            if (!_slots.TryGetValue(id, out int slot)) return false;
            new ReadOnlySpan<float>(_nodes.Row(slot), Dimension).CopyTo(vector);
            GC.KeepAlive(_nodes);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
        => Search(queries, k, neighbors, options, share: null);

    /// <summary>Searches with a filter of which it is known what share of the entries passes.</summary>
    internal void Search(
        ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options, double? share)
    {
        Check.AtLeast(k, 1, "Search's k");
        ArgumentNullException.ThrowIfNull(neighbors);
        if (queries.Length % Dimension != 0)
            throw new ArgumentException(
                $"queries must be [n, {Dimension}]. Got {queries.Length} values.", nameof(queries));

        options ??= SearchOptions.Default;
        GraphState state = _readers.Enter();
        try
        {
            fixed (float* first = queries)
            {
                int candidates = options.CandidateCount ?? Settings.SearchCandidateCount;
                var search = new GraphSearch(_nodes, state, k, options, candidates, share);
                search.Run(first, queries.Length / Dimension, neighbors, _workers);
            }
        }
        finally
        {
            _readers.Leave(state);
            GC.KeepAlive(_nodes);
        }
    }
}
