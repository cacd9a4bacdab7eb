// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The queries of one pass over the rows, and what each worker has found for them so far.</summary>
internal sealed unsafe class ScanWave
{
    private const double LeastWorkOfThread = 1 << 21;
    private const int LongRow = 256;

    private readonly ScanRequest _scan;
    private readonly NativeScratch _scratch;
    private readonly int* _sources;
    private readonly double* _squares;
    private readonly SharedThresholds _thresholds;
    private readonly RangeHits[]? _hits;
    private NearestHeap* _heaps;
    private long _comparedCount;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="scan">What is asked for.</param>
    /// <param name="plan">Queries of a pass at most, a multiple of <paramref name="width"/>, and workers.</param>
    /// <param name="width">Queries of a panel.</param>
    /// <param name="isInterleaved">How the kernel wants a panel.</param>
    /// <param name="hits">
    /// For each worker, what takes all rows that an exact pass finds; null where the nearest are wanted.
    /// </param>
    public ScanWave(
        NativeScratch scratch,
        in ScanRequest scan,
        WavePlan plan,
        int width,
        bool isInterleaved,
        RangeHits[]? hits = null)
    {
        int capacity = plan.QueryCount;
        int workers = plan.WorkerCount;
        _scan = scan;
        _scratch = scratch;
        _hits = hits;
        Capacity = capacity;
        _sources = scratch.Take<int>(capacity);
        _squares = scratch.Take<double>(capacity);
        _thresholds = new SharedThresholds(scratch, capacity);
        Panels = new QueryPanels(
            scratch.Take<float>((long)capacity * scan.Dimension), width, isInterleaved, scan.Dimension);
        Keep = KeptOf(scan);
        Candidates = new Candidates[workers];
        int room = BufferOf(scan);
        for (int worker = 0; worker < workers; worker++) Candidates[worker] = new Candidates(scratch, capacity, room);
    }

    /// <summary>Queries of a pass at most.</summary>
    public int Capacity { get; }

    /// <summary>Number of queries of the pass.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// True where candidates are re-scored in double at once; false where float scores choose among them.
    /// </summary>
    public bool IsExact { get; private set; }

    /// <summary>True where scores are made of squared differences, false where of products.</summary>
    public bool IsByDifferences { get; private set; }

    /// <summary>The weight of a pass by products (<see cref="ScanBound"/>).</summary>
    public double Weight { get; set; }

    /// <summary>Number of candidates that exact passes have re-scored.</summary>
    public long ComparedCount => _comparedCount;

    public int WorkerCount => Candidates.Length;

    public QueryPanels Panels { get; }

    public Candidates[] Candidates { get; }

    /// <summary>Candidates that pruning leaves.</summary>
    public int Keep { get; }

    /// <summary>Plans the waves of a search by kernels of a width.</summary>
    public static WavePlan PlanOf(in ScanRequest scan, int queryCount, int width, int threadCount) =>
        WavePlan.Of(scan, queryCount, width, BytesOf(scan), LeastWorkOfThread, threadCount);

    /// <summary>Gives the bytes of working memory that one query needs beside its panel, for one worker.</summary>
    private static long BytesOf(in ScanRequest scan) =>
        (8L * BufferOf(scan)) + ((long)sizeof(NearestHeap.Entry) * scan.NeighborCount);

    /// <summary>Gives the query of the search that stands at a place of the pass.</summary>
    public int Source(int place) => _sources[place];

    /// <summary>Gives |q|^2 of the query at a place of the pass.</summary>
    public double Square(int place) => _squares[place];

    public float* Query(int place) => _scan.Query(_sources[place]);

    public ref NearestHeap Heap(int worker, int place) => ref _heaps[((nint)worker * Capacity) + place];

    /// <summary>Opens a pass; its queries are then put in place with <see cref="Put"/>.</summary>
    public void Open(int count, bool isExact, bool isByDifferences, double weight)
    {
        Count = count;
        IsExact = isExact;
        IsByDifferences = isByDifferences;
        Weight = weight;
        if (isExact && _hits == null && _heaps == null) MakeHeaps();
    }

    /// <summary>Puts a query in its place.</summary>
    /// <param name="place">The place, below the capacity; places from <see cref="Count"/> on are padding.</param>
    /// <param name="source">The query's index in the search.</param>
    /// <param name="square">|q|^2.</param>
    /// <param name="threshold">Rows of this score or a lower one are left out from the start.</param>
    /// <param name="isPacked">False packs zeros in place of the query.</param>
    public void Put(int place, int source, double square, float threshold, bool isPacked)
    {
        _sources[place] = source;
        _squares[place] = square;
        _thresholds.Set(place, threshold);
        Panels.Pack(place, isPacked ? _scan.Query(source) : null, ScanBound.FactorOf(_scan.Metric, square));
        for (int worker = 0; worker < WorkerCount; worker++)
        {
            Candidates[worker].Thresholds[place] = threshold;
            Candidates[worker].CountOf(place) = 0;
            if (_heaps != null) Heap(worker, place).Count = 0;
        }
    }

    /// <summary>Makes room in a buffer of candidates: keeps the best or, in an exact pass, re-scores all.</summary>
    public void MakeRoom(int worker, int place)
    {
        Candidates candidates = Candidates[worker];
        if (!IsExact)
        {
            candidates.Prune(place, Keep);
            return;
        }

        Interlocked.Add(ref _comparedCount, candidates.CountOf(place));
        int* positions = candidates.PositionsOf(place);
        float** rows = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        for (int first = 0; first < candidates.CountOf(place); first += PairDistance.Many)
        {
            int count = Math.Min(PairDistance.Many, candidates.CountOf(place) - first);
            for (int i = 0; i < count; i++) rows[i] = _scan.Row(positions[first + i]);
            PairDistance.Of(
                _scan.Metric, Query(place), Square(place), rows, count, _scan.Dimension, distances);
            for (int i = 0; i < count; i++) Offer(worker, place, positions[first + i], distances[i]);
        }

        candidates.CountOf(place) = 0;
    }

    /// <summary>Lets a worker profit from the thresholds that the others have reached.</summary>
    public void Share(int worker)
    {
        if (WorkerCount > 1) _thresholds.Exchange(Candidates[worker].Thresholds, Count);
    }

    private void Offer(int worker, int place, int position, double distance)
    {
        if (_hits is null) Heap(worker, place).Offer(distance, position);
        else _hits[worker].Offer(Source(place), position, distance);
    }

    /// <summary>Gives k and some more; the longer rows are, the less scores tell which are the k nearest.</summary>
    private static int KeptOf(in ScanRequest scan)
    {
        int k = scan.NeighborCount;
        return scan.Dimension < LongRow ? checked(k + 8 + (k / 16)) : checked(k + 16 + (k / 4));
    }

    private static int BufferOf(in ScanRequest scan) => checked((2 * KeptOf(scan)) + 16);

    private void MakeHeaps()
    {
        int k = _scan.NeighborCount;
        nint count = (nint)WorkerCount * Capacity;
        var entries = _scratch.Take<NearestHeap.Entry>(count * k);
        var heaps = _scratch.Take<NearestHeap>(count);
        for (nint i = 0; i < count; i++) heaps[i] = new NearestHeap(entries + (i * k), k);
        _heaps = heaps;
    }
}
