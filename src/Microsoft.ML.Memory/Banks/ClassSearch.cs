// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;

namespace Microsoft.ML.Memory;

/// <summary>Searches a snapshot for queries that have neighbours among the entries of one class only, each of its own.
/// </summary>
/// <remarks>
/// <para>The answer for a query is that of a snapshot of its class alone, where searches compare with all. Queries of
/// one class are searched for together; classes that are little work are shared out among the threads.</para>
/// <para>Cost: g·d multiplications for a query of a class of g entries, which are read once for all queries of the
/// class. Entries of other classes cost nothing but the sorting of labels, once for all snapshots that share them.
/// </para>
/// <para>Belongs to one thread at a time; its memory is reused from search to search.</para>
/// </remarks>
internal sealed class ClassSearch(BankSnapshot bank, int threadCount)
{
    /// <summary>The label of a query that has no neighbours.</summary>
    public const int NoClass = -1;

    private readonly ConcurrentBag<Worker> _idle = [];
    private readonly List<Batch> _batches = [];
    private readonly List<Batch> _small = [];
    private readonly SearchOptions _alone = new() { ThreadCount = 1 };
    private readonly SearchOptions _together = new() { ThreadCount = threadCount };
    private long[] _order = []; // label in the upper half, query in the lower
    private float[] _queries = [];
    private bool[] _hasEntries = [];

    /// <summary>Says whether the class of a query of the last search has entries.</summary>
    public bool HasEntries(int query) => _hasEntries[query];

    /// <summary>Finds the k nearest entries of each query's class.</summary>
    /// <param name="queries">[n, d].</param>
    /// <param name="labels">[n] classes, or <see cref="NoClass"/>.</param>
    /// <param name="k">Neighbours of a query, at least 1.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    public void Search(ReadOnlySpan<float> queries, ReadOnlySpan<int> labels, int k, NeighborTable neighbors)
    {
        Sort(queries, labels);
        int most = 0;
        foreach (Batch batch in _batches) most = Math.Max(most, batch.EntryCount);
        neighbors.Reset(labels.Length, Math.Min(k, most));
        Each((worker, batch, options) =>
        {
            bank.SearchClass(worker.Members, QueriesOf(batch), k, worker.Found, options, worker.FewRows);
            Copy(batch, worker.Found, neighbors);
        });
    }

    /// <summary>Finds all entries of each query's class within a distance.</summary>
    /// <param name="queries">[n, d].</param>
    /// <param name="labels">[n] classes, or <see cref="NoClass"/>.</param>
    /// <param name="largestDistance">As a snapshot's range search takes it.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    public void RangeSearch(
        ReadOnlySpan<float> queries, ReadOnlySpan<int> labels, float largestDistance, NeighborTable neighbors)
    {
        Sort(queries, labels);
        var found = new NeighborTable[labels.Length];
        int[] counts = new int[labels.Length];
        Each((worker, batch, options) =>
        {
            var own = new NeighborTable();
            bank.RangeSearchClass(worker.Members, QueriesOf(batch), largestDistance, own, options, worker.FewRows);
            for (int i = 0; i < batch.Count; i++) counts[QueryOf(batch, i)] = own.CountOf(i);
            found[batch.First] = own;
        });
        neighbors.Reset(counts);
        foreach (Batch batch in _batches) Copy(batch, found[batch.First], neighbors);
    }

    /// <summary>Puts queries of one class beside each other.</summary>
    private void Sort(ReadOnlySpan<float> queries, ReadOnlySpan<int> labels)
    {
        if (_order.Length < labels.Length)
        {
            _order = new long[labels.Length];
            _queries = new float[queries.Length];
            _hasEntries = new bool[labels.Length];
        }

        for (int query = 0; query < labels.Length; query++) _order[query] = ((long)labels[query] << 32) | (uint)query;
        _order.AsSpan(0, labels.Length).Sort();
        _batches.Clear();
        int first = 0;
        for (int place = 0; place < labels.Length; place++)
        {
            int query = (int)_order[place];
            _hasEntries[query] = false;
            queries.Slice(query * bank.Dimension, bank.Dimension).CopyTo(_queries.AsSpan(place * bank.Dimension));
            int label = labels[query];
            if (place + 1 < labels.Length && label == labels[(int)_order[place + 1]]) continue;
            if (label != NoClass) _batches.Add(new Batch(label, first, place + 1 - first, bank.MostOfClass(label)));
            first = place + 1;
        }
    }

    private void Each(Action<Worker, Batch, SearchOptions> search)
    {
        double all = 0;
        foreach (Batch batch in _batches) all += batch.Work;
        _small.Clear();
        foreach (Batch batch in _batches)
        {
            if (2 * threadCount * batch.Work <= all) _small.Add(batch);
            else QueryWorkers.Each(1, 1, Start, (worker, _) => Run(worker, batch, _together), _idle.Add);
        }

        if (_small.Count == 0) return;
        QueryWorkers.Each(
            _small.Count, threadCount, Start, (worker, place) => Run(worker, _small[place], _alone), _idle.Add);

        Worker Start() => _idle.TryTake(out Worker? worker) ? worker : new Worker(bank);

        void Run(Worker worker, Batch batch, SearchOptions options)
        {
            worker.Members.Load(batch.Label);
            for (int i = 0; i < batch.Count; i++) _hasEntries[QueryOf(batch, i)] = worker.Members.Count > 0;
            search(worker, batch, options);
        }
    }

    private ReadOnlySpan<float> QueriesOf(Batch batch) =>
        _queries.AsSpan(batch.First * bank.Dimension, batch.Count * bank.Dimension);

    private int QueryOf(Batch batch, int place) => (int)_order[batch.First + place];

    private void Copy(Batch batch, NeighborTable found, NeighborTable neighbors)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            NeighborTable.Row row = neighbors.Write(QueryOf(batch, i));
            found.IdsOf(i).CopyTo(row.Ids);
            found.PositionsOf(i).CopyTo(row.Positions);
            found.DistancesOf(i).CopyTo(row.Distances);
            row.Count = found.CountOf(i);
        }

        neighbors.AddRescored(found.RescoredCount);
    }

    /// <summary>Queries of one class.</summary>
    /// <param name="Label">The class.</param>
    /// <param name="First">Where they begin in the order.</param>
    /// <param name="Count">Number of queries.</param>
    /// <param name="EntryCount">Number of the class's entries, at most.</param>
    private readonly record struct Batch(int Label, int First, int Count, int EntryCount)
    {
        public double Work => (double)Count * EntryCount;
    }

    /// <summary>What one thread needs.</summary>
    private sealed class Worker(BankSnapshot bank)
    {
        public ClassMembers Members { get; } = new(bank);

        public FewRows FewRows { get; } = new();

        public NeighborTable Found { get; } = new();
    }
}
