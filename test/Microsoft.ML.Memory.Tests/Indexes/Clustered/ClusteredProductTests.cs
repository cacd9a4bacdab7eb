// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>Search by inner product among rows of very different lengths.</summary>
[TestClass]
public sealed class ClusteredProductTests
{
    private const int Count = 10_000;
    private const int Dimension = 32;

    private static readonly ClusteredSettings _settings = new()
    {
        ListLength = 64,
        SearchListCount = 48,
        MemoryBytes = 16 << 20,
        FlushEachChange = false,
    };

    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow("equal", 0.94, 0.45)]
    [DataRow("ten 10", 0.95, 0.45)]
    [DataRow("ten 100", 0.95, 0.4)]
    [DataRow("ten 10000", 0.95, 0.45)]
    [DataRow("hundred 10", 0.97, 0.27)]
    [DataRow("log-normal 0.5", 0.94, 0.29)]
    [DataRow("log-normal 1", 0.98, 0.16)]
    public void Search_finds_most_neighbours_whatever_the_lengths(string lengths, double floor, double share)
    {
        float[] rows = Rows(lengths, 11);
        float[] queries = Rows("equal", 12)[..(100 * Dimension)];
        using ClusteredIndex index = Build(_folder.NewPath(), rows);
        long read = 0;
        var counting = new SearchOptions { ThreadCount = 1, Filter = _ => ++read > 0 };

        double recall = Recall(rows, index, queries, counting);

        Assert.IsGreaterThanOrEqualTo(floor, recall);
        Assert.IsLessThan(share * Count, read / 100.0);
    }

    [TestMethod]
    [DataRow("ten 10")]
    [DataRow("hundred 10")]
    [DataRow("log-normal 1")]
    public void Search_that_knows_no_reaches_finds_fewer(string lengths)
    {
        float[] rows = Rows(lengths, 11);
        float[] queries = Rows("equal", 12)[..(100 * Dimension)];
        string path = _folder.NewPath();
        Build(path, rows).Dispose();
        string former = Former(path);
        using ClusteredIndex index = ClusteredIndex.Open(path), without = ClusteredIndex.Open(former);

        double recall = Recall(rows, without, queries, null);

        Assert.IsLessThan(Recall(rows, index, queries, null) - 0.015, recall);
    }

    [TestMethod]
    public void Add_of_a_longer_row_is_found_before_and_after_the_file_is_written_anew()
    {
        float[] rows = Rows("equal", 13);
        float[] queries = Rows("equal", 14)[..(100 * Dimension)];
        float[] longer = [.. rows[..Dimension].Select(value => 1e6f * value)];
        using ClusteredIndex index = Build(_folder.NewPath(), rows);

        index.Add([Count], longer);
        double before = ShareFirst(index, queries, longer);
        index.Compact();
        double after = ShareFirst(index, queries, longer);

        Assert.AreEqual((1.0, 1.0), (before, after));
    }

    [TestMethod]
    public void Build_takes_means_for_heads_and_says_how_far_lists_reach()
    {
        string path = _folder.NewPath();
        var batch = new VectorBatch(new long[] { 1, 2, 3 }, new float[] { 1, 0, 3, 0, 2, 6 });
        using (ClusteredIndex index = ClusteredIndex.Build(path, [batch], 2, Metric.InnerProduct))
            CollectionAssert.AreEqual(new float[] { 2, 2 }, ListContent.Heads(index).Single());

        // (2, 6) is farthest from (2, 2), 4 away; in 2 dimensions that is 4 / sqrt(2).
        ForgedIndex file = ForgedIndex.Read(path);
        float reach = BitConverter.ToSingle(file.File, (int)file.Header.ReachesAt);
        Assert.AreEqual((float)Math.Sqrt(8), reach);
    }

    [TestMethod]
    public void Search_ranks_lists_by_the_product_with_the_head_and_the_reach()
    {
        var rows = new ClusteredRows(1500, 8, Metric.InnerProduct, 3);
        string path = _folder.NewPath();
        rows.Build(path).Dispose();
        ForgedIndex file = ForgedIndex.Read(path);
        string formerPath = Former(path);
        using ClusteredIndex index = ClusteredIndex.Open(path), former = ClusteredIndex.Open(formerPath);
        double[] reaches = [.. Enumerable.Range(0, index.ListCount).Select(
            list => BitConverter.ToSingle(file.File, (int)file.Header.ReachesAt + (list * sizeof(float))))];

        AssertReads(rows, index, reaches);
        AssertReads(rows, former, new double[reaches.Length]);
    }

    [TestMethod]
    [DataRow(8, 2)]
    [DataRow(1, 1)]
    public void Build_puts_an_entry_into_its_two_nearest_lists(int replicas, int expected)
    {
        var rows = new ClusteredRows(600, 8, Metric.InnerProduct, 4);
        using ClusteredIndex index = rows.Build(
            _folder.NewPath(), new ClusteredSettings { ListLength = 10, ReplicaCount = replicas });
        float[][] heads = ListContent.Heads(index);

        foreach (var lists in ListContent.Of(index).GroupBy(posting => posting.Slot))
        {
            float[] row = rows.Row(lists.Key);
            int[] nearest = [.. Enumerable.Range(0, heads.Length)
                .OrderBy(list => BruteForce.Distance(Metric.SquaredEuclidean, row, heads[list])).Take(expected)];
            CollectionAssert.AreEquivalent(nearest, lists.Select(posting => posting.List).ToArray());
        }
    }

    [TestMethod]
    public void Compact_gives_a_file_of_version_2_reaches()
    {
        var rows = new ClusteredRows(500, 4, Metric.InnerProduct, 5);
        string path = _folder.NewPath();
        rows.Build(path).Dispose();
        byte[] built = File.ReadAllBytes(path);
        string former = Former(path);
        using (ClusteredIndex index = ClusteredIndex.Open(former))
        {
            index.Add([9_000], rows.Row(0));
            ClusteredRows.AssertSame(With(rows.Exact(), rows.Row(0)), index, rows.Queries, 20);
            index.Remove([9_000]);
        }

        Assert.AreEqual(2u, ForgedIndex.Read(former).Header.Version);
        using (ClusteredIndex index = ClusteredIndex.Open(former)) index.Compact();
        Assert.AreEqual(3u, ForgedIndex.Read(former).Header.Version);
        CollectionAssert.AreEqual(built, File.ReadAllBytes(former));
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    public void Build_by_another_metric_writes_no_reaches(Metric metric)
    {
        string path = _folder.NewPath();
        new ClusteredRows(100, 4, metric, 6).Build(path).Dispose();

        IndexHeader header = ForgedIndex.Read(path).Header;

        Assert.AreEqual((2u, header.HomesAt), (header.Version, header.ReachesAt));
    }

    [TestMethod]
    [DataRow(float.MaxValue)]
    [DataRow(float.Epsilon)]
    public void Search_of_rows_at_the_ends_of_the_range_goes_on(float length)
    {
        float[] rows = [.. Enumerable.Range(0, 400).Select(index => ((index * 7) % 5 - 2) / 2f * length)];
        long[] ids = [.. Enumerable.Range(0, 200).Select(row => (long)row)];
        var settings = new ClusteredSettings { ListLength = 5, SearchListCount = 3 };
        using ClusteredIndex index = ClusteredIndex.Build(
            _folder.NewPath(), [new VectorBatch(ids, rows)], 2, Metric.InnerProduct, settings);
        var found = new NeighborTable();

        index.Search([1, 1, length, -length, 0, 0], 10, found);

        for (int query = 0; query < 3; query++) Assert.AreEqual(10, found.CountOf(query));
    }

    [TestMethod]
    public void Search_of_rows_as_long_as_allowed_finds_them()
    {
        const int Longest = 1 << 20;
        float[] rows = new float[6 * Longest];
        for (int row = 0; row < 6; row++) rows[(row * Longest) + row] = 1 + row;
        var batch = new VectorBatch(new long[] { 0, 1, 2, 3, 4, 5 }, rows);
        var settings = new ClusteredSettings { ListLength = 1 };
        using ClusteredIndex index = ClusteredIndex.Build(
            _folder.NewPath(), [batch], Longest, Metric.InnerProduct, settings);
        var found = new NeighborTable();

        index.Search(rows.AsSpan(4 * Longest, Longest), 1, found, new SearchOptions { CandidateCount = 2 });

        Assert.IsGreaterThan(2, index.ListCount);
        CollectionAssert.AreEqual(new long[] { 4 }, found.IdsOf(0).ToArray());
    }

    /// <summary>Asserts that a search of four lists finds what the four that are first by hand hold.</summary>
    private static void AssertReads(ClusteredRows rows, ClusteredIndex index, double[] reaches)
    {
        const int Lists = 4;
        float[][] heads = ListContent.Heads(index);
        var contents = ListContent.Of(index);
        var found = new NeighborTable();
        index.Search(rows.Queries, 5, found, new SearchOptions { CandidateCount = Lists });
        for (int query = 0; query < found.QueryCount; query++)
        {
            float[] q = rows.Queries.AsSpan(query * rows.Dimension, rows.Dimension).ToArray();
            double norm = Math.Sqrt(q.Sum(value => (double)value * value));
            HashSet<int> first = [.. Enumerable.Range(0, heads.Length)
                .OrderBy(list => BruteForce.Distance(Metric.InnerProduct, q, heads[list]) - (norm * reaches[list]))
                .Take(Lists)];
            long[] expected = [.. contents.Where(posting => first.Contains(posting.List))
                .Select(posting => posting.Slot).Distinct().Order()
                .OrderBy(slot => BruteForce.Distance(Metric.InnerProduct, q, rows.Row(slot)))
                .Take(5).Select(slot => rows.Ids[slot])];
            CollectionAssert.AreEqual(expected, found.IdsOf(query).ToArray(), $"query {query}");
        }
    }

    private static FlatIndex With(FlatIndex exact, float[] row)
    {
        exact.Add([9_000], row);
        return exact;
    }

    /// <summary>Gives a copy of the file as version 2 has it, whose reaches would not be read.</summary>
    private string Former(string path)
    {
        ForgedIndex file = ForgedIndex.Read(path);
        string former = _folder.NewPath();
        File.WriteAllBytes(former, file.With(file.Header.ReachesAt, float.NaN).WithHeaderField(8, 2).File);
        return former;
    }

    private static ClusteredIndex Build(string path, float[] rows)
    {
        long[] ids = [.. Enumerable.Range(0, Count).Select(row => (long)row)];
        return ClusteredIndex.Build(path, [new VectorBatch(ids, rows)], Dimension, Metric.InnerProduct, _settings);
    }

    private static double Recall(float[] rows, ClusteredIndex index, float[] queries, SearchOptions? options)
    {
        var exact = new FlatIndex(Dimension, Metric.InnerProduct);
        exact.Add([.. Enumerable.Range(0, Count).Select(row => (long)row)], rows);
        NeighborTable expected = new(), found = new();
        exact.Search(queries, 10, expected);
        index.Search(queries, 10, found, options);
        int hits = 0;
        for (int query = 0; query < expected.QueryCount; query++)
            hits += expected.IdsOf(query).ToArray().Intersect(found.IdsOf(query).ToArray()).Count();
        return hits / (10.0 * expected.QueryCount);
    }

    /// <summary>Gives how many of the queries that point as a row does find it, the last added, first.</summary>
    private static double ShareFirst(ClusteredIndex index, float[] queries, float[] row)
    {
        var found = new NeighborTable();
        index.Search(queries, 1, found, new SearchOptions { CandidateCount = 4 });
        int asked = 0, first = 0;
        for (int query = 0; query < found.QueryCount; query++)
        {
            float[] q = queries.AsSpan(query * Dimension, Dimension).ToArray();
            if (BruteForce.Distance(Metric.InnerProduct, q, row) >= 0) continue;
            asked++;
            if (found.IdsOf(query)[0] == Count) first++;
        }

        Assert.IsGreaterThan(20, asked);
        return (double)first / asked;
    }

    /// <summary>Gaussian rows, some of them longer: "equal", "ten r", "hundred r" or "log-normal s".</summary>
    private static float[] Rows(string lengths, long seed)
    {
        var random = new SeededRandom(seed);
        string[] words = lengths.Split(' ');
        double size = words.Length > 1 ? double.Parse(words[1], CultureInfo.InvariantCulture) : 1;
        float[] rows = new float[Count * Dimension];
        for (int row = 0; row < Count; row++)
        {
            double length = words[0] switch
            {
                "ten" when row % (Count / 10) == 7 => size,
                "hundred" when row % (Count / 100) == 7 => size,
                "log-normal" => Math.Exp(size * random.NextGaussian()),
                _ => 1,
            };
            foreach (ref float value in rows.AsSpan(row * Dimension, Dimension))
                value = (float)(length * random.NextGaussian());
        }

        return rows;
    }
}
