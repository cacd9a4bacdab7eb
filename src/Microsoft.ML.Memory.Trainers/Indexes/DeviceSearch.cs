// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>One search: batches on the device, more candidates where too few were certain, then the host.</summary>
internal sealed unsafe class DeviceSearch
{
    private const int MostQueries = 1024; // of a batch
    private const int MostQueryValues = 1 << 24;
    private const double LeastSquare = 1.0 / (1L << 60) / (1L << 60); // below, what is flushed to 0 would count
    private const int Widening = 8;
    private const int MostKept = 1 << 14; // more candidates than that are found faster by the host's scan

    private readonly DeviceSettings _settings;
    private readonly BankSnapshot _snapshot;
    private readonly SearchOptions _options;
    private readonly NeighborTable _neighbors;
    private readonly int _k;
    private readonly DeviceScan _scan;
    private readonly DeviceAnswer _answer;
    private readonly List<int> _leftOver = [];

    public DeviceSearch(
        DeviceSettings settings, DeviceState state, int k, NeighborTable neighbors, SearchOptions options)
    {
        _settings = settings;
        _snapshot = state.Snapshot;
        _options = options;
        _neighbors = neighbors;
        _k = k;
        _scan = new DeviceScan(settings, state, options.Filter);
        _answer = new DeviceAnswer(_snapshot, neighbors, k);
    }

    /// <summary>Answers queries [n, d]; those that are not finite get no neighbours.</summary>
    /// <returns>The number of queries that were left over for the host.</returns>
    public int Run(ReadOnlySpan<float> queries)
    {
        int d = _settings.Dimension;
        int queryCount = queries.Length / d;
        _neighbors.Reset(queryCount, _k);
        fixed (float* first = queries)
        {
            float* values = first;
            List<int> open = Sort(values, queryCount);
            for (long keep = FirstKept(); open.Count > 0 && keep <= MostKept; keep *= Widening)
            {
                var wide = new List<int>();
                foreach (int[] batch in open.Chunk(Math.Min(MostQueries, MostQueryValues / d)))
                    Batch(values, batch, (int)keep, wide);
                open = wide;
                if (keep >= _snapshot.PositionCount) break;
            }

            _leftOver.AddRange(open);
            if (_leftOver.Count > 0) OnHost(values);
            return _leftOver.Count;
        }
    }

    /// <summary>Candidates of the first attempt: the coarser the codes, the more are as near as the k-th.</summary>
    private long FirstKept() => _settings.Encoding switch
    {
        VectorEncoding.Half => _k + (_k / 2L) + 32,
        VectorEncoding.SignedByte => (2L * _k) + 64,
        _ => _k + (_k / 4L) + 16,
    };

    /// <summary>Gives the queries for the device; puts those whose scores it cannot bound aside for the host.</summary>
    private List<int> Sort(float* queries, int count)
    {
        var open = new List<int>(count);
        for (int query = 0; query < count; query++)
        {
            double square = SquareOf(queries, query);
            if (!double.IsFinite(square)) continue;
            bool isZero = square == 0 && _settings.Metric == Metric.SquaredEuclidean;
            bool isBounded = (isZero || square >= LeastSquare) && RowTerm.IsTrusted(_settings.Metric, square);
            (isBounded ? open : _leftOver).Add(query);
        }

        return open;
    }

    private void Batch(float* queries, int[] batch, int keep, List<int> uncertain)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] squares = [.. batch.Select(query => SquareOf(queries, query))];
        var device = new DeviceQueries(_settings, Gathered(queries, batch), squares, _settings.MultipliesHalves);
        DeviceCandidates candidates = _scan.Best(device, keep);
        var isCertain = new bool[batch.Length];
        int d = _settings.Dimension;
        Parallel.For(0, batch.Length, Threads(), place => isCertain[place] = _answer.TryWrite(
            queries + ((nint)batch[place] * d), squares[place], batch[place], candidates, place,
            device.BoundOf(place)));
        for (int place = 0; place < batch.Length; place++)
        {
            if (!isCertain[place]) uncertain.Add(batch[place]);
        }
    }

    /// <summary>Answers what is left over by the exact scan of the host's vectors.</summary>
    private void OnHost(float* queries)
    {
        var found = new NeighborTable();
        _snapshot.Search(Gathered(queries, _leftOver), _k, found, _options);
        for (int place = 0; place < _leftOver.Count; place++)
        {
            NeighborTable.Row row = _neighbors.Write(_leftOver[place]);
            found.IdsOf(place).CopyTo(row.Ids);
            found.PositionsOf(place).CopyTo(row.Positions);
            found.DistancesOf(place).CopyTo(row.Distances);
            row.Count = found.CountOf(place);
        }

        _neighbors.AddRescored(found.RescoredCount);
    }

    private float[] Gathered(float* queries, IReadOnlyList<int> numbers)
    {
        int d = _settings.Dimension;
        var values = new float[numbers.Count * d];
        for (int i = 0; i < numbers.Count; i++)
            new ReadOnlySpan<float>(queries + ((nint)numbers[i] * d), d).CopyTo(values.AsSpan(i * d));
        return values;
    }

    private double SquareOf(float* queries, int query) =>
        PairDistance.SquaredNorm(queries + ((nint)query * _settings.Dimension), _settings.Dimension);

    private ParallelOptions Threads() =>
        new() { MaxDegreeOfParallelism = _options.ThreadCount ?? Environment.ProcessorCount };
}
