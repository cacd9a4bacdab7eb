// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborsIndexTests
{
    private static readonly NearestNeighborsOptions _graph = Places.Options with
    {
        NeighborCount = 10,
        LeavesOutSameId = true,
        Index = new IndexOptions { Strategy = SearchStrategy.Graph },
    };

    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _log = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.RawMessage.Contains("search:", StringComparison.Ordinal)) _log.Add(message.RawMessage);
    };

    [TestMethod]
    public void Fit_says_how_rows_are_searched_and_why()
    {
        NearestNeighborsTransformer exact = Places.Fit(_mlContext, Places.Draw(50, seed: 1));
        NearestNeighborsTransformer graph = Places.Fit(_mlContext, Places.Draw(50, seed: 1), _graph);

        Assert.AreEqual(SearchStrategy.Exact, exact.Strategy);
        Assert.AreEqual(SearchStrategy.Graph, graph.Strategy);
        CollectionAssert.AreEqual(
            new[]
            {
                "Exact search: 50 entries of 2 values are at most 134217728 values in all, few enough to compare "
                + "with all.",
                "Graph search: asked for.",
            },
            _log);
    }

    [TestMethod]
    public void Along_a_graph_nearly_all_neighbours_are_found_with_their_own_values()
    {
        Place[] places = Places.Draw(3000, seed: 1);

        PlaceNeighbors[] exact = Places.Find(
            _mlContext, Places.Fit(_mlContext, places, _graph with { Index = new IndexOptions() }), places);
        PlaceNeighbors[] graph = Places.Find(_mlContext, Places.Fit(_mlContext, places, _graph), places);

        int found = Enumerable.Range(0, places.Length).Sum(
            row => exact[row].NeighborIds.Intersect(graph[row].NeighborIds).Count());
        Assert.IsGreaterThanOrEqualTo(0.98, found / 30_000.0);
        foreach (PlaceNeighbors row in graph) AssertOwnValues(row);
    }

    [TestMethod]
    public void Edits_are_seen_whether_the_graph_has_taken_them_in_or_not()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Draw(500, seed: 1), _graph);
        Place[] added = Places.Draw(5000, seed: 2, firstId: 10_000);
        var goal = new Place { Id = -1, Features = [100, 100] };
        var near = new Place { Id = 900, Name = "place 900", Features = [99, 99] };

        NearestNeighborsTransformer few = lookup.Add(Places.View(_mlContext, [near]));
        NearestNeighborsTransformer many = few.Add(Places.View(_mlContext, added));
        NearestNeighborsTransformer rest = many.Remove(900).Remove(added[..4000].Select(place => place.Id));

        Assert.HasCount(3, _log, "built at the fit, at the many added and at the many removed");
        Assert.AreEqual(900, Places.Find(_mlContext, few, goal).Single().NeighborIds[0]);
        Assert.AreEqual(900, Places.Find(_mlContext, many, goal).Single().NeighborIds[0]);
        foreach (PlaceNeighbors row in Places.Find(_mlContext, rest, [goal, .. added]))
        {
            AssertOwnValues(row);
            Assert.IsTrue(row.NeighborIds.All(id => id < 500 || id >= 14_000), row.ToString());
        }
    }

    [TestMethod]
    public void Saved_lookups_keep_the_graph()
    {
        Place[] queries = Places.Draw(300, seed: 2);
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Draw(400, seed: 1), _graph).Remove(3, 5);
        using var stream = new MemoryStream();
        _mlContext.Model.Save(lookup, null, stream);
        stream.Position = 0;

        var loaded = (NearestNeighborsTransformer)_mlContext.Model.Load(stream, out _);

        Assert.AreEqual(SearchStrategy.Graph, loaded.Strategy);
        Assert.AreEqual(lookup.Options.Index, loaded.Options.Index);
        CollectionAssert.AreEqual(
            Places.Find(_mlContext, loaded, queries).Select(row => row.ToString()).ToArray(),
            Places.Find(_mlContext, loaded.Add(Places.View(_mlContext, [])), queries).Select(
                row => row.ToString()).ToArray());
        int same = Places.Find(_mlContext, lookup, queries).Zip(Places.Find(_mlContext, loaded, queries)).Count(
            pair => pair.First.ToString() == pair.Second.ToString());
        Assert.IsGreaterThanOrEqualTo(290, same, "saving repairs the links around removed rows");
    }

    private static void AssertOwnValues(PlaceNeighbors row)
    {
        CollectionAssert.AreEqual(row.NeighborIds.Select(id => $"place {id}").ToArray(), row.NeighborName);
        CollectionAssert.DoesNotContain(row.NeighborIds, row.Id);
        Assert.HasCount(10, row.NeighborIds);
        Assert.IsTrue(row.NeighborDistances.Zip(row.NeighborDistances.Skip(1)).All(pair => pair.First <= pair.Second));
    }
}
