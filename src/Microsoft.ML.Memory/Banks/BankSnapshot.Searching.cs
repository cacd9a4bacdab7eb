// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class BankSnapshot
{
    private const int LeastCodedDimension = 64;
    private const long LeastCodedValues = 1 << 20;

    private ScanBlock[]? _codedBlocks;

    /// <summary>Finds the k nearest entries of each of n queries.</summary>
    /// <param name="queries">[n, d], row-major. A query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, at least 1; a smaller bank returns all it has.</param>
    /// <param name="neighbors">Receives the neighbours; its former content is replaced, its memory reused.</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="queries"/> is not a multiple of d, k is below 1, or n·k, k being no more than
    /// there are entries, is beyond the largest array.
    /// </exception>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        Check.AtLeast(k, 1, "Search's k");
        CheckShape(queries);

        // No query can have more neighbours than there are entries: a huge k costs nothing.
        int capacity = Math.Max(1, Math.Min(k, Count));
        options ??= SearchOptions.Default;
        if (Quantizer is not null) SearchByCodes(Quantizer, queries, capacity, neighbors, options);
        else if (Graph is null || Math.Max(options.CandidateCount ?? 1, capacity) >= Count)
            Scan(0, queries, capacity, neighbors, options);
        else
            Graph.Search(this, queries, capacity, neighbors, options);
    }

    /// <summary>Finds all entries within a distance of each of n queries: a range search, or radius search.</summary>
    /// <remarks>
    /// It compares with all entries and misses none, whatever <see cref="Strategy"/> and
    /// <see cref="SearchOptions.CandidateCount"/> are. Cost: n·m·d multiplications for m entries; 16 bytes for each
    /// neighbour found, and up to 48 more while the search goes on.
    /// </remarks>
    /// <param name="queries">[n, d], row-major. A query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="largestDistance">
    /// Entries at this distance and nearer ones are found, in the unit of the metric; finite, and at least 0 but for
    /// metric InnerProduct.
    /// </param>
    /// <param name="neighbors">Receives the neighbours; its former content is replaced, its memory reused.</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="queries"/> is not a multiple of d, or the distance is out of its range.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Only codes of the entries are kept, or more neighbours are found than an array holds.
    /// </exception>
    public void RangeSearch(
        ReadOnlySpan<float> queries, float largestDistance, NeighborTable neighbors, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        CheckShape(queries);
        if (!float.IsFinite(largestDistance) || (largestDistance < 0 && Metric != Metric.InnerProduct))
        {
            string range = Metric == Metric.InnerProduct ? "finite" : "finite and at least 0";
            throw new ArgumentException(
                FormattableString.Invariant($"largestDistance must be {range}. Got {largestDistance}."),
                nameof(largestDistance));
        }

        if (Quantizer?.KeepsKeys == false)
        {
            throw new InvalidOperationException(
                "RangeSearch must have the entries' vectors. Got codes alone. Search for the nearest, or keep the "
                + "vectors with QuantizedSettings.KeepVectors.");
        }

        RangeScanRows(queries, largestDistance, neighbors, options ?? SearchOptions.Default);
    }

    private void CheckShape(ReadOnlySpan<float> queries)
    {
        if (queries.Length % Dimension != 0)
            throw new ArgumentException(
                $"queries must be [n, {Dimension}]. Got {queries.Length} values.", nameof(queries));
    }

    private void SearchByCodes(
        BankQuantizer quantizer,
        ReadOnlySpan<float> queries,
        int capacity,
        NeighborTable neighbors,
        SearchOptions options)
    {
        int candidates = QuantizedRequest.CandidatesOf(capacity, Count, quantizer.Settings, options);
        if (candidates == 0 && quantizer.KeepsKeys) Scan(0, queries, capacity, neighbors, options);
        else quantizer.Search(_blocks, queries, capacity, candidates, neighbors, options);
        GC.KeepAlive(this);
    }

    /// <summary>Compares queries with entries of the views from one of them on.</summary>
    /// <param name="firstView">The first of the views.</param>
    /// <param name="queries">[n, d].</param>
    /// <param name="capacity">Neighbours of a query, at least 1.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    /// <param name="options">Its filter is asked by ids.</param>
    /// <param name="members">Positions of the entries, ascending; empty means all of the views.</param>
    internal void Scan(
        int firstView,
        ReadOnlySpan<float> queries,
        int capacity,
        NeighborTable neighbors,
        SearchOptions options,
        ReadOnlySpan<int> members = default)
    {
        int threads = options.ThreadCount ?? Environment.ProcessorCount;
        bool readsCodes = firstView == 0 && ReadsCodes(options.Precision, capacity, members); // codes of all, or none
        ReadOnlySpan<SegmentView> views = _views.AsSpan(firstView);
        ReadOnlySpan<ScanBlock> blocks = (readsCodes ? CodedBlocks(threads) : _blocks).AsSpan(firstView);
        EntryFilter? filter = options.Filter is null ? null : new EntryFilter(views, blocks, options.Filter);
        var rows = new ScanSource(filter is null ? blocks : filter.Blocks, members);
        if (readsCodes) CodeScan.Search(rows, Metric, Dimension, queries, capacity, neighbors, threads);
        else ExactScan.Search(rows, Metric, Dimension, queries, capacity, neighbors, threads);
        GC.KeepAlive(filter);
        GC.KeepAlive(this);
    }

    private void RangeScanRows(
        ReadOnlySpan<float> queries,
        float largestDistance,
        NeighborTable neighbors,
        SearchOptions options,
        ReadOnlySpan<int> members = default)
    {
        int threads = options.ThreadCount ?? Environment.ProcessorCount;
        bool readsCodes = ReadsCodes(options.Precision, 1, members);
        ScanBlock[] blocks = readsCodes ? CodedBlocks(threads) : _blocks;
        EntryFilter? filter = options.Filter is null ? null : new EntryFilter(_views, blocks, options.Filter);
        var rows = new ScanSource(filter is null ? blocks : filter.Blocks, members);
        CodeKernel? codes = readsCodes ? CodeKernels.Best : null;
        RangeScan.Search(
            rows, Metric, Dimension, queries, largestDistance, neighbors, threads, ScanWidths.Best, codes);
        GC.KeepAlive(filter);
        GC.KeepAlive(this);
    }

    /// <summary>Says whether codes are read to find k of all entries, or of those at some positions.</summary>
    private bool ReadsCodes(ScanPrecision precision, int k, ReadOnlySpan<int> members)
    {
        if (Dimension > CodeScan.LargestDimension) return false;
        int count = members.IsEmpty ? Count : members.Length;
        return precision switch
        {
            ScanPrecision.Single => false,
            ScanPrecision.SignedByte => true,
            _ => Dimension >= LeastCodedDimension && (long)count * Dimension >= LeastCodedValues && k <= count / 64
                && !RowSpread.IsHiddenFromCodes(new ScanSource(_blocks, members), Metric, Dimension),
        };
    }

    private ScanBlock[] CodedBlocks(int threads)
    {
        if (_codedBlocks is { } made) return made;
        var blocks = new ScanBlock[_blocks.Length];
        for (int index = 0; index < blocks.Length; index++)
        {
            SegmentView view = _views[index];
            blocks[index] = _blocks[index] with { Codes = view.Segment.CodesOf(view.Count, threads) };
        }

        return _codedBlocks = blocks;
    }
}
