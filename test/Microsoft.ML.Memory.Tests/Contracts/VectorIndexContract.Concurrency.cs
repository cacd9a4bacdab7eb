// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Contracts;

public abstract partial class VectorIndexContract
{
    [TestMethod]
    public void Search_beside_a_writer_sees_whole_changes_only()
    {
        IVectorIndex index = Create(1, Metric.SquaredEuclidean);
        index.Add([0, 1], [0, 1]);
        using var stop = new CancellationTokenSource();
        Task<int> reader = Task.Factory.StartNew(() => SearchPairs(index, stop.Token), TaskCreationOptions.LongRunning);
        for (long id = 2; id < 3000; id += 2)
        {
            index.Add([id, id + 1], [id, id + 1]);
            if (id % 3 != 0) index.Remove([id + 1, id]);
        }

        stop.Cancel();
        Assert.IsGreaterThan(0, reader.GetAwaiter().GetResult());
    }

    private static int SearchPairs(IVectorIndex index, CancellationToken stop)
    {
        var found = new NeighborTable();
        int searches = 0;
        do
        {
            index.Search([0], int.MaxValue, found, new SearchOptions { ThreadCount = 1 });
            long[] ids = found.IdsOf(0).ToArray();
            Assert.AreEqual(0, ids.Length % 2);
            for (int rank = 0; rank < ids.Length; rank++)
            {
                Assert.AreEqual(rank % 2, ids[rank] % 2);
                Assert.AreEqual((float)(ids[rank] * ids[rank]), found.DistancesOf(0)[rank]);
                if (rank % 2 == 1) Assert.AreEqual(ids[rank - 1] + 1, ids[rank]);
            }

            searches++;
        }
        while (!stop.IsCancellationRequested);

        return searches;
    }
}
