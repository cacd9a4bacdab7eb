// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed class ClusteredSharingTests
{
    private static readonly ClusteredSettings _settings = new()
    {
        ListLength = 8,
        AddedCount = 100,
        MemoryBytes = 16 << 20,
        FlushEachChange = false,
    };

    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    public void Compacting_beside_searches_changes_no_answer()
    {
        var rows = new ClusteredRows(400, 6, Metric.SquaredEuclidean, 1);
        using ClusteredIndex index = rows.Build(_folder.NewPath(), _settings);
        FlatIndex exact = rows.Exact();
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                do ClusteredRows.AssertSame(exact, index, rows.Queries, 10);
                while (!stop.IsCancellationRequested);
            },
            TaskCreationOptions.LongRunning))];

        for (int round = 0; round < 5; round++) index.Compact();
        stop.Cancel();

        Task.WaitAll(readers);
    }

    [TestMethod]
    public void Closing_beside_searches_lets_them_end_or_refuses_them()
    {
        var rows = new ClusteredRows(400, 6, Metric.Cosine, 2);
        FlatIndex exact = rows.Exact();
        string path = _folder.NewPath();
        rows.Build(path, _settings).Dispose();
        for (int round = 0; round < 4; round++)
        {
            ClusteredIndex index = ClusteredIndex.Open(path);
            using var started = new CountdownEvent(2);
            Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () => SearchUntilClosed(exact, index, rows.Queries, started), TaskCreationOptions.LongRunning))];
            started.Wait();

            index.Dispose();

            Task.WaitAll(readers);
        }
    }

    [TestMethod]
    public void Merging_beside_searches_shows_whole_changes_only()
    {
        using ClusteredIndex index = ClusteredIndex.Create(
            _folder.NewPath(), 1, Metric.SquaredEuclidean, _settings with { AddedCount = 16 });
        using var stop = new CancellationTokenSource();
        Task reader = Task.Factory.StartNew(
            () =>
            {
                var found = new NeighborTable();
                do
                {
                    index.Search([0], int.MaxValue, found, new SearchOptions { ThreadCount = 1 });
                    long[] ids = found.IdsOf(0).ToArray();
                    Assert.AreEqual(0, ids.Length % 4);
                    CollectionAssert.AreEqual(Enumerable.Range(0, ids.Length).Select(id => (long)id).ToArray(), ids);
                }
                while (!stop.IsCancellationRequested);
            },
            TaskCreationOptions.LongRunning);

        for (long id = 0; id < 200; id += 4) index.Add([id, id + 1, id + 2, id + 3], [id, id + 1, id + 2, id + 3]);
        stop.Cancel();

        reader.GetAwaiter().GetResult();
        Assert.IsGreaterThan(100, index.State.Base.Count);
    }

    [TestMethod]
    public void Writers_take_turns()
    {
        var rows = new ClusteredRows(300, 4, Metric.SquaredEuclidean, 3);
        string path = _folder.NewPath();
        using (ClusteredIndex index = ClusteredIndex.Create(path, 4, rows.Metric, _settings))
        {
            Parallel.For(0, 30, new ParallelOptions { MaxDegreeOfParallelism = 4 }, part => index.Add(
                rows.Ids.AsSpan(part * 10, 10), rows.Vectors.AsSpan(part * 40, 40)));
            Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 4 }, part => index.Remove(
                rows.Ids.AsSpan(part * 5, 5)));
        }

        using ClusteredIndex again = ClusteredIndex.Open(path);
        var found = new NeighborTable();
        again.Search(rows.Queries, int.MaxValue, found);
        CollectionAssert.AreEquivalent(rows.Ids[100..], found.IdsOf(0).ToArray());
    }

    [TestMethod]
    public void Two_builds_of_one_file_at_a_time_are_refused()
    {
        string path = _folder.NewPath();
        IEnumerable<VectorBatch> Source()
        {
            Assert.ThrowsExactly<IOException>(() => ClusteredIndex.Build(path, [], 1));
            Assert.ThrowsExactly<IOException>(() => ClusteredIndex.Create(path, 1));
            yield return new VectorBatch(new long[] { 4 }, new float[] { 4 });
        }

        using ClusteredIndex index = ClusteredIndex.Build(path, Source(), 1);

        Assert.AreEqual(1, index.Count);
    }

    private static void SearchUntilClosed(
        FlatIndex exact, ClusteredIndex index, float[] queries, CountdownEvent started)
    {
        bool isFirst = true;
        try
        {
            while (true)
            {
                ClusteredRows.AssertSame(exact, index, queries, 10);
                if (isFirst) started.Signal();
                isFirst = false;
            }
        }
        catch (ObjectDisposedException)
        {
            Assert.IsFalse(isFirst);
        }
    }
}
