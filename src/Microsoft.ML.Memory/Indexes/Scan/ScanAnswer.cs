// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Turns what the workers found into answers, and keeps the list of queries that need a second, exact pass.
/// </summary>
internal sealed unsafe class ScanAnswer
{
    private const int Ahead = 4; // candidates whose rows are on their way from memory
    private const double LeastWeightOfDifferences = 0.25; // below, products tell more of a query's distances

    private readonly ScanRequest _scan;
    private readonly ScanWave _wave;
    private readonly ScanPass _pass;
    private readonly NeighborTable _neighbors;
    private readonly float* _scores;
    private readonly int* _positions;
    private readonly NearestHeap.Entry* _entries;
    private readonly int _room;
    private readonly Open* _open; // from the front those for a pass by differences, from the back the others
    private int _byDifferences;
    private int _byProducts;

    public ScanAnswer(NativeScratch scratch, in ScanRequest scan, ScanWave wave, ScanPass pass, NeighborTable neighbors)
    {
        _scan = scan;
        _wave = wave;
        _pass = pass;
        _neighbors = neighbors;
        _room = wave.WorkerCount * wave.Candidates[0].Capacity;
        _scores = scratch.Take<float>((long)wave.WorkerCount * _room);
        _positions = scratch.Take<int>((long)wave.WorkerCount * _room);
        _entries = scratch.Take<NearestHeap.Entry>((long)wave.WorkerCount * scan.NeighborCount);
        _open = scratch.Take<Open>(wave.Capacity);
    }

    /// <summary>A weight between those that are best for the queries that need an exact pass by products.</summary>
    public double OpenWeight
    {
        get
        {
            double least = 1, largest = ScanBound.LeastWeight;
            for (int i = 0; i < _byProducts; i++)
            {
                double weight = OpenAt(i, isByDifferences: false).Weight;
                least = Math.Min(least, weight);
                largest = Math.Max(largest, weight);
            }

            return Math.Sqrt(least * largest);
        }
    }

    /// <summary>Forgets which queries are not answered.</summary>
    public void Reopen() => (_byDifferences, _byProducts) = (0, 0);

    /// <summary>Gives the number of queries that need an exact pass, by differences or by products.</summary>
    public int OpenCount(bool isByDifferences) => isByDifferences ? _byDifferences : _byProducts;

    /// <summary>Puts an unanswered query in its place of the exact pass.</summary>
    public void PutOpen(int place)
    {
        Open open = OpenAt(place, _wave.IsByDifferences);
        bool isTrusted = !double.IsNaN(open.Distance);
        float threshold = isTrusted ? _pass.BoundOf(place, open.Square).Cutoff(open.Distance) : float.NaN;
        _wave.Put(place, open.Source, open.Square, threshold, isTrusted);
    }

    /// <summary>Answers a query after the float scan, or leaves it open.</summary>
    public void Certify(int worker, int place)
    {
        double square = _wave.Square(place);
        if (!double.IsFinite(square)) return;
        if (square == 0 && _scan.Metric != Metric.SquaredEuclidean) WriteFirst(worker, place);
        else if (!RowTerm.IsTrusted(_scan.Metric, square)) LeaveOpen(place, double.NaN, 1);
        else Rescore(worker, place);
    }

    /// <summary>Answers a query after the exact pass: the nearest rows of all workers.</summary>
    public void Merge(int place)
    {
        ref NearestHeap heap = ref _wave.Heap(0, place);
        for (int worker = 1; worker < _wave.WorkerCount; worker++)
        {
            ref NearestHeap other = ref _wave.Heap(worker, place);
            for (int i = 0; i < other.Count; i++) heap.Offer(other[i].Distance, other[i].Position);
        }

        Write(place, ref heap);
    }

    /// <summary>Answers a query that is equally far from all rows: the first live ones.</summary>
    private void WriteFirst(int worker, int place)
    {
        NearestHeap heap = NewHeap(worker);
        double distance = _scan.Metric == Metric.Cosine ? 1 : 0;
        if (_scan.Members != null)
        {
            for (int i = 0; i < _scan.NeighborCount; i++) heap.Offer(distance, _scan.Members[i]);
        }

        for (int position = _scan.Start; position < _scan.End && !heap.IsFull;)
        {
            ScanBlock* block = _scan.Block(_scan.Locate(position));
            for (int row = position - block->Position; row < block->Count && !heap.IsFull; row++)
            {
                if (ScanRequest.IsLive(block, row)) heap.Offer(distance, block->Position + row);
            }

            position = block->Position + block->Count;
        }

        Write(place, ref heap);
    }

    private void Rescore(int worker, int place)
    {
        int rescored = 0;
        ScanBound bound = _pass.BoundOf(place, _wave.Square(place));
        float* scores = _scores + ((nint)worker * _room);
        int* positions = _positions + ((nint)worker * _room);
        int count = Collect(place, scores, positions, out float leftOut);
        NearestHeap heap = NewHeap(worker);
        float** rows = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        for (int left = count; left > 0;)
        {
            if (heap.IsFull && heap.Farthest.Distance < bound.LeastDistance(scores[left - 1])) break;
            int taken = Math.Min(PairDistance.Many, left);
            for (int i = 0; i < taken; i++) rows[i] = _scan.Row(positions[left - 1 - i]);
            for (int i = left - taken - 1; i >= Math.Max(0, left - taken - Ahead); i--)
                PairDistance.Prefetch(_scan.Row(positions[i]), _scan.Dimension);
            PairDistance.Of(
                _scan.Metric, _wave.Query(place), _wave.Square(place), rows, taken, _scan.Dimension, distances);
            for (int i = 0; i < taken; i++) heap.Offer(distances[i], positions[left - 1 - i]);
            left -= taken;
            rescored += taken;
        }

        bool isComplete = float.IsNegativeInfinity(leftOut)
            || (heap.IsFull && heap.Farthest.Distance < bound.LeastDistance(leftOut));
        _neighbors.AddRescored(rescored);
        if (isComplete) Write(place, ref heap);
        else
        {
            double square = PairDistance.SquaredNorm(_scan.Row(heap.Farthest.Position), _scan.Dimension);
            LeaveOpen(place, heap.Farthest.Distance, ScanBound.WeightOf(square, _wave.Square(place)));
        }
    }

    /// <summary>Brings together the best candidates of all workers, in ascending order of their scores.</summary>
    /// <param name="place">The query's place in the pass.</param>
    /// <param name="scores">Receives the scores.</param>
    /// <param name="positions">Receives the positions.</param>
    /// <param name="leftOut">
    /// No row that is missing here has a higher score; minus infinity where none is missing.
    /// </param>
    private int Collect(int place, float* scores, int* positions, out float leftOut)
    {
        int count = 0;
        leftOut = float.NegativeInfinity;
        foreach (ref readonly Candidates candidates in _wave.Candidates.AsSpan())
        {
            int more = candidates.CountOf(place);
            new ReadOnlySpan<float>(candidates.ScoresOf(place), more).CopyTo(new Span<float>(scores + count, more));
            new ReadOnlySpan<int>(candidates.PositionsOf(place), more).CopyTo(new Span<int>(positions + count, more));
            leftOut = Math.Max(leftOut, candidates.Thresholds[place]);
            count += more;
        }

        if (count > _wave.Keep)
        {
            leftOut = Math.Max(leftOut, Candidates.KeepLargest(scores, positions, count, _wave.Keep));
            count = _wave.Keep;
        }

        new Span<float>(scores, count).Sort(new Span<int>(positions, count));
        return count;
    }

    private NearestHeap NewHeap(int worker) =>
        new(_entries + ((nint)worker * _scan.NeighborCount), _scan.NeighborCount);

    private void LeaveOpen(int place, double distance, double weight)
    {
        bool isByDifferences = _scan.Metric == Metric.SquaredEuclidean && weight >= LeastWeightOfDifferences;
        ref int count = ref isByDifferences ? ref _byDifferences : ref _byProducts;
        int index = Interlocked.Increment(ref count) - 1;
        OpenAt(index, isByDifferences) = new Open(_wave.Source(place), _wave.Square(place), distance, weight);
    }

    private ref Open OpenAt(int index, bool isByDifferences) =>
        ref _open[isByDifferences ? index : _wave.Capacity - 1 - index];

    private void Write(int place, ref NearestHeap heap)
    {
        heap.Sort();
        NeighborTable.Row row = _neighbors.Write(_wave.Source(place));
        for (int i = 0; i < heap.Count; i++)
        {
            row.Ids[i] = _scan.Id(heap[i].Position);
            row.Positions[i] = heap[i].Position;
            row.Distances[i] = (float)heap[i].Distance;
        }

        row.Count = heap.Count;
    }

    /// <summary>
    /// A query without an answer, and the distance beyond which a row cannot belong to it (NaN: none such).
    /// </summary>
    private readonly record struct Open(int Source, double Square, double Distance, double Weight);
}
