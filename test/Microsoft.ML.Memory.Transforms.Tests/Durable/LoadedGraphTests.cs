// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>A memory loaded with a graph that has not taken its last entries in.</summary>
[TestClass]
public sealed class LoadedGraphTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(1)]
    [DataRow(200)]
    public void Entries_that_came_after_the_graph_can_leave_with_those_in_it(int removedFromGraph)
    {
        var options = new VisualMemoryOptions
        {
            NeighborCount = 3,
            Index = new IndexOptions { Strategy = SearchStrategy.Graph },
        };
        VisualMemoryTransformer fitted = Points.FitMemory(_mlContext, Points.Draw(600, seed: 1), options)
            .Add(Points.Keyed(_mlContext, Points.Draw(5, seed: 2)));
        VisualMemoryTransformer loaded = Loaded(fitted);

        VisualMemoryTransformer less = loaded.Remove(
            [602, .. Enumerable.Range(0, removedFromGraph).Select(id => (long)id)]);

        VisualMemoryTransformer again = Loaded(less);
        Assert.AreEqual(SearchStrategy.Graph, again.Model.Strategy);
        Assert.AreEqual(604 - removedFromGraph, again.Model.Count);
        Assert.IsFalse(again.Model.TryFind(602, out _));
        Assert.IsTrue(again.Model.TryFind(603, out _));
    }

    private VisualMemoryTransformer Loaded(VisualMemoryTransformer memory)
        => _mlContext.Model.Load(new MemoryStream(DurableModels.Saved(_mlContext, memory, null)), out _)
            .FindMemory<VisualMemoryTransformer>();
}
