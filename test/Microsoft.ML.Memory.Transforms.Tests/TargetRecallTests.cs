// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.RegularExpressions;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Memories whose graph is measured before it is taken.</summary>
[TestClass]
public sealed partial class TargetRecallTests
{
    private const int Few = 12;
    private const int Many = 1024;

    private static readonly IndexOptions _auto = new()
    {
        LargestExactValues = 10_000,
        Graph = new GraphSettings
        {
            Encoding = VectorEncoding.SignedByte,
            LinkCount = 6,
            BuildCandidateCount = 40,
            SearchCandidateCount = 8,
        },
    };

    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _log = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        bool isOfGraph = message.RawMessage.Contains("held out", StringComparison.Ordinal)
            || message.RawMessage.Contains("takes as long", StringComparison.Ordinal);
        if (isOfGraph) _log.Add($"{message.Kind}: {Share().Replace(message.RawMessage, "R of the")}");
    };

    [TestMethod]
    public void Auto_stays_exact_where_no_graph_finds_enough_and_does_not_try_again_at_once()
    {
        NearestNeighborsTransformer lookup = Fit(Draw<NoiseRow>(2500, 1), _auto);
        NearestNeighborsTransformer more = lookup.Add(View(Draw<NoiseRow>(10, 2)));

        Assert.AreEqual(SearchStrategy.Exact, lookup.Strategy);
        Assert.AreEqual(SearchStrategy.Exact, more.Strategy);
        Assert.AreEqual(1, ShareFound(more, Draw<NoiseRow>(50, 3)));
        CollectionAssert.AreEqual(
            new[]
            {
                "Info: Exact search: R of the 5 nearest of 156 entries held out are found along a graph with 16 "
                + "candidates, and at least 0.95 are asked for; comparing with all is as fast as more candidates.",
            },
            _log);
    }

    [TestMethod]
    public void Auto_widens_the_search_until_new_rows_find_enough()
    {
        NearestNeighborsTransformer lookup = Fit(Draw<PlainRow>(8000, 4), _auto);

        Assert.AreEqual(SearchStrategy.Graph, lookup.Strategy);
        Assert.IsGreaterThan(8, lookup.Bank.Graph!.Settings.SearchCandidateCount);
        Assert.IsGreaterThanOrEqualTo(0.93, ShareFound(lookup, Draw<PlainRow>(300, 5)));
        CollectionAssert.AreEqual(
            new[]
            {
                "Info: Graph search: R of the 5 nearest of 256 entries held out are found along a graph with 32 "
                + "candidates; at least 0.95 are asked for.",
            },
            _log);
    }

    [TestMethod]
    public void Auto_stays_exact_without_a_graph_where_its_narrowest_search_takes_as_long()
    {
        NearestNeighborsTransformer lookup = Fit(Draw<PlainRow>(1000, 6), _auto);

        Assert.AreEqual(SearchStrategy.Exact, lookup.Strategy);
        CollectionAssert.AreEqual(
            new[]
            {
                "Info: Exact search: weighing 8 candidates along a graph takes as long as comparing with all 1000 "
                + "entries.",
            },
            _log);
    }

    [TestMethod]
    public void A_graph_that_is_asked_for_is_measured_where_a_target_is_given_and_kept_in_any_case()
    {
        IndexOptions graph = _auto with { Strategy = SearchStrategy.Graph };
        _ = Fit(Draw<NoiseRow>(2500, 1), graph);
        Assert.IsEmpty(_log);

        NearestNeighborsTransformer lookup = Fit(Draw<NoiseRow>(2500, 1), graph with { TargetRecall = 0.9 });

        Assert.AreEqual(SearchStrategy.Graph, lookup.Strategy);
        Assert.AreEqual(16, lookup.Bank.Graph!.Settings.SearchCandidateCount);
        CollectionAssert.AreEqual(
            new[]
            {
                "Warning: IndexOptions.TargetRecall should be within reach of the graph. Got 0.9; R of the 5 "
                + "nearest of 156 entries held out are found along a graph with 16 candidates. Comparing with all is "
                + "as fast as more candidates: ask for SearchStrategy.Exact.",
            },
            _log);
    }

    [TestMethod]
    public void Saved_memories_keep_the_target_and_what_it_took()
    {
        IndexOptions options = _auto with { Strategy = SearchStrategy.Graph, TargetRecall = 0.97 };
        NearestNeighborsTransformer lookup = Fit(Draw<PlainRow>(8000, 4), options);
        using var stream = new MemoryStream();
        _mlContext.Model.Save(lookup, null, stream);
        stream.Position = 0;

        var loaded = (NearestNeighborsTransformer)_mlContext.Model.Load(stream, out _);

        Assert.AreEqual(0.97, loaded.Options.Index.TargetRecall);
        Assert.IsGreaterThan(8, loaded.Bank.Graph!.Settings.SearchCandidateCount);
        Assert.AreEqual(lookup.Bank.Graph!.Settings, loaded.Bank.Graph.Settings);
        Assert.AreEqual(ShareFound(lookup, Draw<PlainRow>(100, 5)), ShareFound(loaded, Draw<PlainRow>(100, 5)));
    }

    [TestMethod]
    public void A_graph_is_measured_again_when_it_is_renewed()
    {
        NearestNeighborsTransformer lookup = Fit(Draw<PlainRow>(8000, 4), _auto);

        NearestNeighborsTransformer less = lookup.Remove(Enumerable.Range(0, 1700).Select(id => (long)id));

        Assert.HasCount(2, _log);
        Assert.AreEqual(SearchStrategy.Graph, less.Strategy);
        Assert.IsGreaterThanOrEqualTo(0.93, ShareFound(less, Draw<PlainRow>(300, 5)));
    }

    [TestMethod]
    public void Targets_out_of_range_are_named()
    {
        var options = new VisualMemoryOptions { Index = new IndexOptions { TargetRecall = 1.01 } };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory(options));

        Assert.AreEqual("VisualMemoryOptions.Index.TargetRecall must be null or in (0, 1]. Got 1.01.", error.Message);
    }

    [TestMethod]
    public void Saved_targets_out_of_range_are_refused()
    {
        NearestNeighborsTransformer lookup = Fit(Draw<PlainRow>(3, 4), new IndexOptions());
        NearestNeighborsOptions options = lookup.Options with { Index = new IndexOptions { TargetRecall = -2 } };
        using var saved = new MemoryStream();
        NearestNeighborsFile.Write(
            saved, new NearestNeighborsTransformer(_mlContext, options, lookup.Bank, lookup.Rows));
        saved.Position = 0;

        StringAssert.EndsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => NearestNeighborsFile.Read(saved, _mlContext)).Message,
            "must hold valid fields. "
            + "Got NearestNeighborsOptions.Index.TargetRecall must be null or in (0, 1]. Got -2.");
    }

    [GeneratedRegex(@"\b0\.\d{1,4} of the\b")]
    private static partial Regex Share(); // what is found may differ a little from processor to processor

    private NearestNeighborsTransformer Fit<TRow>(TRow[] rows, IndexOptions index)
        where TRow : class
        => _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions { NeighborCount = 5, Index = index })
            .Fit(View(rows));

    private static double ShareFound<TRow>(NearestNeighborsTransformer lookup, TRow[] rows)
        where TRow : IRow
    {
        float[] queries = [.. rows.SelectMany(row => row.Features)];
        NeighborTable nearest = new(), found = new();
        lookup.Bank.With(null).Search(queries, 5, nearest);
        lookup.Bank.Search(queries, 5, found);
        return Enumerable.Range(0, rows.Length)
            .Average(query => found.IdsOf(query).ToArray().Intersect(nearest.IdsOf(query).ToArray()).Count() / 5.0);
    }

    private IDataView View<TRow>(TRow[] rows)
        where TRow : class
        => _mlContext.Data.LoadFromEnumerable(rows);

    private static TRow[] Draw<TRow>(int count, int seed)
        where TRow : IRow, new()
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var row = new TRow();
                for (int i = 0; i < row.Features.Length; i++) row.Features[i] = (random.NextSingle() * 2) - 1;
                return row;
            }),
        ];
    }

    private interface IRow
    {
        float[] Features { get; }
    }

    private sealed class PlainRow : IRow
    {
        [VectorType(Few)]
        public float[] Features { get; set; } = new float[Few];
    }

    private sealed class NoiseRow : IRow
    {
        [VectorType(Many)]
        public float[] Features { get; set; } = new float[Many];
    }
}
