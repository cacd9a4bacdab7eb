// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphConcurrencyTests
{
    [TestMethod]
    [DataRow(VectorEncoding.Single, 600)]
    [DataRow(VectorEncoding.SignedByte, 600)]
    [DataRow(VectorEncoding.Half, 30)]
    public void Search_beside_a_writer_gives_entries_of_one_moment_with_their_own_distances(
        VectorEncoding encoding, int distinct)
    {
        const int Kept = 600;
        var data = new GraphCase(1200, dimension: 8);
        int d = data.Dimension;
        for (int row = Kept; row < data.Ids.Length; row++)
            data.Rows.AsSpan((Kept + (row % distinct)) * d, d).CopyTo(data.Rows.AsSpan(row * d));
        var settings = new GraphSettings { Encoding = encoding, BuildCandidateCount = 32, LinkCount = 8 };
        GraphIndex index = data.Build(Metric.SquaredEuclidean, settings);
        using var stop = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () => SearchOn(index, data, Kept, stop.Token), TaskCreationOptions.LongRunning))];

        // Entries of 100 ids come and go together, under the same ids at other places.
        for (int round = 0; round < 60; round++)
        {
            long[] ids = [.. Enumerable.Range(Kept + (100 * (round % 6)), 100).Select(id => (long)id)];
            index.Remove(ids);
            index.Add(ids, data.Rows.AsSpan((int)ids[0] * d, 100 * d));
        }

        stop.Cancel();
        foreach (Task<int> reader in readers) Assert.IsGreaterThan(0, reader.GetAwaiter().GetResult());
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Single)]
    [DataRow(Metric.Cosine, VectorEncoding.SignedByte)]
    public void Search_beside_a_writer_finds_all_of_a_pile_whose_oldest_go_while_new_ones_come(
        Metric metric, VectorEncoding encoding)
    {
        var window = new SlidingPiles(metric, encoding);
        using var stop = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(number => Task.Factory.StartNew(
            () => window.SearchOn(number == 0, stop.Token), TaskCreationOptions.LongRunning))];

        for (int round = 0; round < 200; round++) window.Slide(20 + (round % 7 * 50));

        stop.Cancel();
        foreach (Task<int> reader in readers) Assert.IsGreaterThan(0, reader.GetAwaiter().GetResult());
    }

    [TestMethod]
    public void Search_beside_a_writer_finds_entries_while_the_centre_of_codes_is_chosen()
    {
        const int First = 250;
        var data = new GraphCase(270, dimension: 8);
        foreach (ref float value in data.Rows.AsSpan()) value += 1e4f;
        int d = data.Dimension;
        var options = new SearchOptions { ThreadCount = 1, CandidateCount = 100 };
        for (int round = 0; round < 20; round++)
        {
            var settings = new GraphSettings { Encoding = VectorEncoding.SignedByte, BuildCandidateCount = 32 };
            var index = new GraphIndex(d, Metric.SquaredEuclidean, settings);
            index.Add(data.Ids[..First], data.Rows[..(First * d)]);
            using var stop = new CancellationTokenSource();
            var reader = Task.Factory.StartNew(() => SearchForThemselves(stop.Token), TaskCreationOptions.LongRunning);

            for (int row = First; row < data.Ids.Length; row++) index.Add([row], data.Rows.AsSpan(row * d, d));

            stop.Cancel();
            reader.GetAwaiter().GetResult();

            void SearchForThemselves(CancellationToken token)
            {
                var found = new NeighborTable();
                do
                {
                    index.Search(data.Rows.AsSpan(0, First * d), 1, found, options);
                    for (int row = 0; row < First; row++) Assert.AreEqual(row, found.IdsOf(row)[0]);
                }
                while (!token.IsCancellationRequested);
            }
        }
    }

    private static int SearchOn(GraphIndex index, GraphCase data, int kept, CancellationToken stop)
    {
        var found = new NeighborTable();
        int searches = 0;
        do
        {
            index.Search(data.Queries, 10, found, new SearchOptions { ThreadCount = 1, CandidateCount = 30 });
            for (int query = 0; query < found.QueryCount; query++)
            {
                ReadOnlySpan<long> ids = found.IdsOf(query);
                Assert.AreEqual(10, ids.Length);
                Assert.AreEqual(10, ids.ToArray().Distinct().Count());
                for (int rank = 0; rank < ids.Length; rank++)
                    Assert.AreEqual(Distance(data, query, (int)ids[rank]), found.DistancesOf(query)[rank]);
            }

            index.Search(data.Queries.AsSpan(0, data.Dimension), int.MaxValue, found);
            Assert.AreEqual(0, found.CountOf(0) % 100);
            Assert.AreEqual(kept, found.IdsOf(0).ToArray().Count(id => id < kept));
            searches++;
        }
        while (!stop.IsCancellationRequested);

        return searches;
    }

    private static unsafe float Distance(GraphCase data, int query, int row)
    {
        int d = data.Dimension;
        fixed (float* queries = data.Queries, rows = data.Rows)
            return (float)PairDistance.Of(Metric.SquaredEuclidean, queries + (query * d), 0, rows + (row * d), d);
    }
}
