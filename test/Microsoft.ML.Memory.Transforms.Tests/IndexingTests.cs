// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class IndexingTests
{
    private static readonly IndexOptions _graph = new() { Strategy = SearchStrategy.Graph };

    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _log = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.RawMessage.Contains("search:", StringComparison.Ordinal)) _log.Add(message.RawMessage);
    };

    [TestMethod]
    public void Fit_says_how_the_memory_is_searched_and_why()
    {
        VisualMemoryTransformer exact = Fit(Points.Draw(100, seed: 1), new IndexOptions());
        VisualMemoryTransformer graph = Fit(Points.Draw(100, seed: 1), _graph);

        Assert.AreEqual(SearchStrategy.Exact, exact.Model.Strategy);
        Assert.AreEqual(SearchStrategy.Graph, graph.Model.Strategy);
        CollectionAssert.AreEqual(
            new[]
            {
                "Exact search: 100 entries of 3 values are at most 134217728 values in all, few enough to compare "
                + "with all.",
                "Graph search: asked for.",
            },
            _log);
    }

    [TestMethod]
    public void Predictions_along_a_graph_are_those_of_an_exact_search_nearly_always()
    {
        Point[] train = Points.Draw(2000, seed: 1);
        Point[] test = Points.Draw(500, seed: 2);

        string[] exact = Predictions(Fit(train, new IndexOptions()), test);
        string[] graph = Predictions(Fit(train, _graph), test);

        Assert.IsGreaterThanOrEqualTo(495, exact.Zip(graph).Count(pair => pair.First == pair.Second));
    }

    [TestMethod]
    public void Saved_memories_keep_graph_and_options()
    {
        VisualMemoryTransformer memory = Fit(Points.Draw(400, seed: 1), _graph with
        {
            MemoryBudget = 7,
            Graph = new GraphSettings { LinkCount = 5, SearchCandidateCount = 12, Seed = 4 },
        });
        Point[] test = Points.Draw(100, seed: 2);

        VisualMemoryTransformer loaded = Reloaded(memory);

        Assert.AreEqual(memory.Options, loaded.Options);
        Assert.AreEqual(SearchStrategy.Graph, loaded.Model.Strategy);
        CollectionAssert.AreEqual(Predictions(memory, test), Predictions(loaded, test));
    }

    [TestMethod]
    public void Edits_are_seen_at_once_and_before_the_graph_takes_them_in()
    {
        Point[] known = Points.Draw(300, seed: 1);
        Point[] dogs = [.. Points.Draw(400, 4, classCount: 4, firstId: 1000).Where(point => point.Label == "dog")];
        VisualMemoryTransformer before = Fit(known, _graph);

        VisualMemoryTransformer with = before.Add(Points.Keyed(_mlContext, dogs));
        VisualMemoryTransformer after = with.Remove(dogs.Select(dog => dog.Id));

        Assert.HasCount(1, _log, "no graph is built for so few");
        Assert.AreEqual("dog", Predictions(with, [dogs[0]])[0]);
        Assert.AreNotEqual("dog", Predictions(after, [dogs[0]])[0]);
        Assert.AreEqual("dog", Predictions(Reloaded(with), [dogs[0]])[0]);
    }

    [TestMethod]
    public void Many_added_rows_are_taken_into_the_graph()
    {
        VisualMemoryTransformer before = Fit(Points.Draw(100, seed: 1), _graph);

        VisualMemoryTransformer after = before.Add(
            Points.Keyed(_mlContext, Points.Draw(4200, seed: 2, firstId: 1000)));

        Assert.HasCount(2, _log);
        Assert.AreEqual(SearchStrategy.Graph, after.Model.Strategy);
    }

    [TestMethod]
    public void Entries_removed_from_a_graph_are_forgotten()
    {
        VisualMemoryTransformer before = Fit(Points.Draw(300, seed: 1), _graph);
        long[] ids = [.. Enumerable.Range(20, 90).Select(id => (long)id)];

        ForgettingAudit audit = before.VerifyForgotten(
            before.Remove(ids), ids, Points.Keyed(_mlContext, Points.Draw(50, seed: 2)));

        Assert.IsTrue(audit.IsForgotten, audit.ToTable());
    }

    [TestMethod]
    public void Adaptive_memories_search_along_a_graph_and_learn_beside_it()
    {
        var options = new AdaNpcOptions { IdColumnName = "Id", Index = _graph, ConfidenceThreshold = 0 };
        AdaNpcTransformer model = _mlContext.MulticlassClassification.Trainers.AdaNpc(options)
            .Fit(Points.Keyed(_mlContext, Points.Draw(500, seed: 1)));
        AdaNpcSession session = model.CreateAdaptiveSession();
        _ = session.Adapt(Points.View(_mlContext, Points.Draw(80, seed: 2)));
        using var stream = new MemoryStream();
        session.Save(stream);
        stream.Position = 0;

        AdaNpcSession resumed = model.ResumeAdaptiveSession(stream);

        Assert.AreEqual(580, session.Memory().Count);
        Assert.AreEqual(SearchStrategy.Graph, resumed.Memory().Strategy);
        CollectionAssert.AreEqual(
            Predicted(session.Predict(Points.View(_mlContext, Points.Draw(50, seed: 3)))),
            Predicted(resumed.Predict(Points.View(_mlContext, Points.Draw(50, seed: 3)))));
        Assert.AreEqual(options, Reloaded(model).Options);
    }

    [TestMethod]
    public void Wrong_options_are_named()
    {
        var wrong = new IndexOptions { Strategy = (SearchStrategy)5, MemoryBudget = -1 };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions { Index = wrong }));
        Assert.AreEqual(
            "VisualMemoryOptions.Index.Strategy must be a strategy. Got 5. "
            + "VisualMemoryOptions.Index.MemoryBudget must be null or at least 0. Got -1.",
            error.Message);
        error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.AdaNpc(
                new AdaNpcOptions { Index = new IndexOptions { Graph = new GraphSettings { LinkCount = 1 } } }));
        Assert.AreEqual("AdaNpcOptions.Index.Graph.LinkCount must be in [2, 512]. Got 1.", error.Message);
    }

    private static string?[] Predicted(IReadOnlyList<AdaptivePrediction> predictions)
        => [.. predictions.Select(prediction => prediction.Label)];

    private VisualMemoryTransformer Fit(Point[] points, IndexOptions index)
        => Points.FitMemory(
            _mlContext,
            points,
            new VisualMemoryOptions { NeighborCount = 5, IdColumnName = "Id", Index = index });

    private string[] Predictions(VisualMemoryTransformer memory, Point[] points)
    {
        uint[] keys = [.. memory.Transform(Points.View(_mlContext, points)).GetColumn<uint>("PredictedLabel")];
        return [.. keys.Select(key => memory.ClassNames[(int)key - 1])];
    }

    private T Reloaded<T>(T memory)
        where T : class, ITransformer
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(memory, null, stream);
        stream.Position = 0;
        return _mlContext.Model.Load(stream, out _).FindMemory<T>();
    }
}
