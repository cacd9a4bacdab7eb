// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed class ClusteredFileTests
{
    private static readonly ClusteredSettings _small = new() { ListLength = 10, MemoryBytes = 16 << 20 };
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    public void Open_finds_what_was_built_added_and_removed()
    {
        var rows = new ClusteredRows(800, 8, Metric.Cosine, 1);
        IVectorIndex exact = rows.Exact();
        string path = _folder.NewPath();
        using (ClusteredIndex index = rows.Build(path))
        {
            index.Add([7_777, 8_888], rows.Vectors.AsSpan(0, 16));
            index.Remove([rows.Ids[3], 7_777, rows.Ids[700]]);
        }

        exact.Add([7_777, 8_888], rows.Vectors.AsSpan(0, 16));
        exact.Remove([rows.Ids[3], 7_777, rows.Ids[700]]);
        for (int opening = 0; opening < 2; opening++)
        {
            using ClusteredIndex again = ClusteredIndex.Open(path);
            Assert.AreEqual((8, Metric.Cosine), (again.Dimension, again.Metric));
            Assert.AreEqual(10, again.Settings.ListLength);
            ClusteredRows.AssertSame(exact, again, rows.Queries, 12);
        }
    }

    [TestMethod]
    public void One_row_whose_squares_overflow_leaves_the_others_in_many_lists()
    {
        var rows = new ClusteredRows(2000, 8, Metric.SquaredEuclidean, 5);
        rows.Vectors.AsSpan(7 * 8, 8).Fill(1e25f);

        using ClusteredIndex index = rows.Build(_folder.NewPath());

        Assert.IsGreaterThan(100, index.ListCount);
        ClusteredRows.AssertSame(rows.Exact(), index, rows.Queries, 2000);
    }

    [TestMethod]
    public void The_heaviest_balance_leaves_many_lists()
    {
        var rows = new ClusteredRows(2000, 8, Metric.SquaredEuclidean, 5);
        var settings = new ClusteredSettings
        {
            ListLength = 10,
            BalanceWeight = ClusteredSettings.LargestBalanceWeight,
        };

        using ClusteredIndex index = ClusteredIndex.Build(
            _folder.NewPath(), [new VectorBatch(rows.Ids, rows.Vectors)], 8, rows.Metric, settings);

        Assert.IsGreaterThan(100, index.ListCount);
    }

    [TestMethod]
    [DataRow(0.25, 0.25)]
    [DataRow(1e308, 1e6)]
    public void A_file_from_before_the_balance_was_bounded_opens(double saved, double expected)
    {
        string path = _folder.NewPath();
        ClusteredIndex.Create(path, 3).Dispose();
        ForgedIndex honest = ForgedIndex.Read(path);
        ClusteredSettings settings = honest.Header.Settings with { BalanceWeight = saved };
        File.WriteAllBytes(path, honest.WithHeader(honest.Header with { Settings = settings }).File);

        using ClusteredIndex index = ClusteredIndex.Open(path);

        Assert.AreEqual(expected, index.Settings.BalanceWeight);
    }

    [TestMethod]
    public void Settings_are_kept_in_the_file()
    {
        string path = _folder.NewPath();
        var settings = new ClusteredSettings
        {
            ListLength = 2,
            ListCapacity = 3,
            ReplicaCount = 4,
            NearHeadCount = 5,
            BalanceWeight = 0.25,
            SearchListCount = 6,
            SureListCount = 7,
            DistanceRatio = double.PositiveInfinity,
            AddedCount = 8,
            RemovedShare = 0.5,
            MemoryBytes = 17 << 20,
            FlushEachChange = false,
            Seed = -9,
        };
        ClusteredIndex.Create(path, 3, Metric.InnerProduct, settings).Dispose();

        using ClusteredIndex index = ClusteredIndex.Open(path);

        Assert.AreEqual(settings, index.Settings);
        Assert.AreEqual((3, Metric.InnerProduct, 0), (index.Dimension, index.Metric, index.Count));
    }

    [TestMethod]
    public void Compact_makes_the_file_that_a_build_of_the_rest_makes()
    {
        var rows = new ClusteredRows(900, 8, Metric.SquaredEuclidean, 2);
        string compacted = _folder.NewPath(), built = _folder.NewPath();
        using (ClusteredIndex index = rows.Build(compacted))
        {
            index.Remove(rows.Ids[200..300]);
            index.Add(rows.Ids[200..250], rows.Vectors.AsSpan(0, 50 * 8));
            index.Remove(rows.Ids[0..10]);
            index.Remove(rows.Ids[205..207]);
            index.Compact();
        }

        long[] ids = [.. rows.Ids[10..200], .. rows.Ids[300..], .. rows.Ids[200..205], .. rows.Ids[207..250]];
        float[] vectors = [
            .. rows.Vectors[80..1600], .. rows.Vectors[2400..], .. rows.Vectors[..40], .. rows.Vectors[56..400]];
        var settings = new ClusteredSettings { ListLength = 10 };
        ClusteredIndex.Build(built, [new VectorBatch(ids, vectors)], 8, rows.Metric, settings).Dispose();

        CollectionAssert.AreEqual(File.ReadAllBytes(built), File.ReadAllBytes(compacted));
    }

    [TestMethod]
    public void Compact_leaves_no_byte_of_what_was_removed()
    {
        var rows = new ClusteredRows(500, 8, Metric.SquaredEuclidean, 3);
        float[] secret = [1.2345f, -7.654f, 3.21f, 9.87f, 0.123f, -4.56f, 7.89f, 6.54f];
        const long SecretId = 0x1234_5678_9ABC_DEF0;
        string path = _folder.NewPath();
        using (ClusteredIndex index = rows.Build(path))
        {
            index.Add([SecretId], secret);
            index.Compact();
            index.Remove([SecretId]);
            index.Add([SecretId], secret);
            index.Remove([SecretId]);
            index.Flush();
        }

        Assert.IsTrue(Contains(File.ReadAllBytes(path), secret, SecretId));
        using (ClusteredIndex index = ClusteredIndex.Open(path)) index.Compact();
        Assert.IsFalse(Contains(File.ReadAllBytes(path), secret, SecretId));
        CollectionAssert.AreEqual(new[] { Path.GetFileName(path) }, _folder.Files());
    }

    [TestMethod]
    public void Remove_of_many_rewrites_the_file_by_itself()
    {
        var rows = new ClusteredRows(1500, 4, Metric.SquaredEuclidean, 4);
        IVectorIndex exact = rows.Exact();
        string path = _folder.NewPath();
        using ClusteredIndex index = rows.Build(path);
        for (int start = 0; start < 600; start += 50)
        {
            index.Remove(rows.Ids[start..(start + 50)]);
            exact.Remove(rows.Ids[start..(start + 50)]);
        }

        Assert.IsLessThan(600, index.State.RemovedCount);
        ClusteredRows.AssertSame(exact, index, rows.Queries, 10);
    }

    [TestMethod]
    public void Add_beyond_the_limit_merges_into_lists()
    {
        var rows = new ClusteredRows(500, 4, Metric.Cosine, 5);
        using ClusteredIndex index = ClusteredIndex.Create(
            _folder.NewPath(), 4, Metric.Cosine, _small with { AddedCount = 100, FlushEachChange = false });
        for (int start = 0; start < 500; start += 20)
            index.Add(rows.Ids.AsSpan(start, 20), rows.Vectors.AsSpan(start * 4, 80));

        Assert.AreEqual(400, index.State.Base.Count);
        Assert.IsGreaterThan(20, index.ListCount);
        ClusteredRows.AssertSame(rows.Exact(), index, rows.Queries, 10);
    }

    [TestMethod]
    public void Build_in_little_memory_makes_the_same_lists()
    {
        var rows = new ClusteredRows(7_000, 64, Metric.SquaredEuclidean, 6);
        ClusteredSettings small = _small with { ListLength = 200 };
        using ClusteredIndex little = rows.Build(_folder.NewPath(), small);
        using ClusteredIndex much = rows.Build(_folder.NewPath(), small with { MemoryBytes = 512 << 20 });

        CollectionAssert.AreEqual(ListContent.Of(much), ListContent.Of(little));
        Assert.IsGreaterThan(4 << 20, 7_000 * 3 * 64 * 4, "rows and replicas exceed a quarter of the little memory");
    }

    [TestMethod]
    public void Build_depends_on_no_batches()
    {
        var rows = new ClusteredRows(700, 8, Metric.Cosine, 7);
        string parts = _folder.NewPath(), whole = _folder.NewPath();
        rows.Build(parts).Dispose();
        var settings = new ClusteredSettings { ListLength = 10 };
        ClusteredIndex.Build(whole, [new VectorBatch(rows.Ids, rows.Vectors)], 8, Metric.Cosine, settings).Dispose();

        CollectionAssert.AreEqual(File.ReadAllBytes(whole), File.ReadAllBytes(parts));
    }

    [TestMethod]
    public void Build_of_equal_rows_keeps_all_of_them()
    {
        using ClusteredIndex index = ClusteredIndex.Build(
            _folder.NewPath(),
            [new VectorBatch(Enumerable.Range(0, 3000).Select(id => (long)id).ToArray(), new float[6000])],
            2,
            Metric.SquaredEuclidean);
        var found = new NeighborTable();

        index.Search([1, 1], 4, found);

        CollectionAssert.AreEqual(new long[] { 0, 1, 2, 3 }, found.IdsOf(0).ToArray());
        Assert.AreEqual(3000, index.Count);
    }

    [TestMethod]
    public void Build_of_nothing_is_an_empty_index()
    {
        using ClusteredIndex index = ClusteredIndex.Build(_folder.NewPath(), [], 2, Metric.Cosine);

        Assert.AreEqual((0, 0), (index.Count, index.ListCount));
    }

    [TestMethod]
    public void Build_that_is_stopped_leaves_the_former_file()
    {
        var rows = new ClusteredRows(300, 4, Metric.Cosine, 8);
        string path = _folder.NewPath();
        rows.Build(path).Dispose();
        byte[] before = File.ReadAllBytes(path);
        using var stop = new CancellationTokenSource();
        IEnumerable<VectorBatch> source = rows.Batches().Select((batch, index) =>
        {
            if (index == 2) stop.Cancel();
            return batch;
        });

        Assert.ThrowsExactly<OperationCanceledException>(
            () => ClusteredIndex.Build(path, source, 4, Metric.Cosine, null, stop.Token));

        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
        Assert.HasCount(1, _folder.Files());
    }

    private static bool Contains(byte[] file, float[] vector, long id)
        => file.AsSpan().IndexOf(MemoryMarshal.AsBytes(vector.AsSpan())) >= 0
            || file.AsSpan().IndexOf(BitConverter.GetBytes(id)) >= 0
            || file.AsSpan().IndexOf(MemoryMarshal.AsBytes(vector.AsSpan(0, 2))) >= 0;
}
