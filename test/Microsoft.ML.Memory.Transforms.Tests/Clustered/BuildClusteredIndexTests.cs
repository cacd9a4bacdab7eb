// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Clustered;

[TestClass]
public sealed class BuildClusteredIndexTests
{
    private const int Count = 3000;
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("memory-index-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    public void Rows_of_a_view_are_found_by_their_ids(Metric metric)
    {
        Row[] rows = Rows(Count);
        var exact = new FlatIndex(3, metric);
        exact.Add([.. rows.Select(row => row.Id)], [.. rows.SelectMany(row => row.Features)]);

        using ClusteredIndex index = _mlContext.Data.BuildClusteredIndex(
            View(rows), Path("a"), idColumnName: "Id", metric: metric);

        Assert.AreEqual((3, metric, Count), (index.Dimension, index.Metric, index.Count));
        AssertSame(exact, index, rows[7].Features);
    }

    [TestMethod]
    public void Rows_without_ids_get_their_positions()
    {
        Row[] rows = Rows(Count);
        var exact = new FlatIndex(3, Metric.Cosine);
        exact.Add([.. Enumerable.Range(0, Count)], [.. rows.SelectMany(row => row.Features)]);

        using ClusteredIndex index = _mlContext.Data.BuildClusteredIndex(View(rows), Path("a"));

        AssertSame(exact, index, rows[9].Features);
    }

    [TestMethod]
    [DataRow("Short")]
    [DataRow("Unsigned")]
    public void Ids_may_be_shorter_numbers(string idColumnName)
    {
        using ClusteredIndex index = _mlContext.Data.BuildClusteredIndex(
            View(Rows(5)), Path("a"), idColumnName: idColumnName);
        var found = new NeighborTable();

        index.Search([1, 1, 1], 5, found);

        CollectionAssert.AreEquivalent(new long[] { 0, 2, 4, 6, 8 }, found.IdsOf(0).ToArray());
    }

    [TestMethod]
    public void Row_that_is_not_finite_is_named_and_nothing_is_built()
    {
        Row[] rows = Rows(5000);
        rows[4500].Features[1] = float.NaN;

        AssertRefused<InvalidOperationException>(
            "The features of row 4500 must be finite numbers. Got NaN or infinity. "
            + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.",
            () => _mlContext.Data.BuildClusteredIndex(View(rows), Path("a")));
    }

    [TestMethod]
    public void Columns_that_do_not_fit_are_refused()
    {
        IDataView view = View(Rows(5));

        AssertRefused<ArgumentException>(
            "Column 'Id' must be a vector of Single with a fixed size. Got Int64. Make one with "
            + "mlContext.Transforms.Concatenate, mlContext.Transforms.Conversion.ConvertType or a VectorType attribute "
            + "that states the size.",
            () => _mlContext.Data.BuildClusteredIndex(view, Path("a"), "Id"));
        AssertRefused<ArgumentException>(
            "Column 'Text' must be of type Int64 or Int32 or UInt32 or UInt64. Got String. "
            + "Convert it with mlContext.Transforms.Conversion.ConvertType.",
            () => _mlContext.Data.BuildClusteredIndex(view, Path("a"), idColumnName: "Text"));
        AssertRefused<ArgumentException>(
            "Column 'None' must be in the data. Got columns 'Features', 'Id', 'Short', 'Unsigned', 'Text'.",
            () => _mlContext.Data.BuildClusteredIndex(view, Path("a"), idColumnName: "None"));
    }

    [TestMethod]
    public void Id_that_comes_twice_is_refused_and_the_former_file_stays()
    {
        Row[] rows = Rows(10);
        _mlContext.Data.BuildClusteredIndex(View(rows), Path("a")).Dispose();
        byte[] before = File.ReadAllBytes(Path("a"));
        rows[3].Id = rows[8].Id;

        Assert.AreEqual(
            $"ids must differ. Got {rows[8].Id} twice. Nothing was built.",
            Assert.ThrowsExactly<ArgumentException>(
                () => _mlContext.Data.BuildClusteredIndex(View(rows), Path("a"), idColumnName: "Id")).Message);

        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path("a")));
    }

    [TestMethod]
    public void View_that_gives_other_rows_the_second_time_is_refused()
    {
        int passes = 0;
        IEnumerable<Row> Changing()
        {
            int shift = passes++;
            foreach (Row row in Rows(10)) yield return new Row { Features = [row.Features[0] + shift, 1, 2] };
        }

        AssertRefused<InvalidOperationException>(
            "The source must give the same rows twice. Got others the second time.",
            () => _mlContext.Data.BuildClusteredIndex(_mlContext.Data.LoadFromEnumerable(Changing()), Path("a")));
    }

    [TestMethod]
    public void Build_of_a_view_is_the_build_of_its_rows()
    {
        Row[] rows = Rows(Count);
        var settings = new ClusteredSettings { ListLength = 10, Seed = 3 };

        _mlContext.Data.BuildClusteredIndex(View(rows), Path("a"), idColumnName: "Id", settings: settings).Dispose();
        var batch = new VectorBatch(
            rows.Select(row => row.Id).ToArray(), rows.SelectMany(row => row.Features).ToArray());
        ClusteredIndex.Build(Path("b"), [batch], 3, Metric.Cosine, settings).Dispose();

        CollectionAssert.AreEqual(File.ReadAllBytes(Path("b")), File.ReadAllBytes(Path("a")));
    }

    private static Row[] Rows(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(row => new Row
        {
            Features = [random.NextSingle(), random.NextSingle(), random.NextSingle()],
            Id = (row * 7919L % 10_007) + 100,
            Short = 2 * row,
            Unsigned = 2 * (uint)row,
            Text = "text",
        })];
    }

    private static void AssertSame(FlatIndex exact, ClusteredIndex index, float[] query)
    {
        NeighborTable expected = new(), found = new();
        exact.Search(query, 20, expected);
        index.Search(query, 20, found, new SearchOptions { CandidateCount = int.MaxValue });
        CollectionAssert.AreEqual(expected.IdsOf(0).ToArray(), found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(expected.DistancesOf(0).ToArray(), found.DistancesOf(0).ToArray());
    }

    private void AssertRefused<TError>(string message, Func<ClusteredIndex> build)
        where TError : Exception
    {
        Assert.AreEqual(message, Assert.ThrowsExactly<TError>(build).Message);
        Assert.HasCount(0, Directory.GetFiles(_folder));
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private IDataView View(Row[] rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public long Id { get; set; }

        public int Short { get; set; }

        public uint Unsigned { get; set; }

        public string Text { get; set; } = "";
    }
}
