// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Analyses of memories in which other numbers of neighbours vote than a map is made of.</summary>
[TestClass]
public sealed class AnalysisVoteTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(50)]
    [DataRow(100)]
    [DataRow(101)]
    public async Task Votes_are_those_of_the_memory_and_maps_those_of_fifteen_neighbours(int voters)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, VectorModels.Rows(150, 4, 12), neighborCount: voters));
        InspectedMemory memory = InspectedMemory.Of(server.Get<ModelHost>().Current!);
        EntryNeighbors neighbors = EntryNeighbors.Of(memory.Entries, 15);
        EntryMap map = EntryMap.OfNeighbors(neighbors);
        EntryReliability counts = EntryReliability.Of(neighbors);
        IReadOnlyList<EntryCheck> checks = memory.Face.Visual!.CheckEntries().Entries;

        JsonNode result = await HostileInspectTests.AnalyseAsync(server);

        Assert.AreEqual(15, (int)result["neighborCount"]!);
        CollectionAssert.AreEqual(map.X.ToArray(), Floats(result["map"]!["x"]!));
        CollectionAssert.AreEqual(map.Y.ToArray(), Floats(result["map"]!["y"]!));
        CollectionAssert.AreEqual(
            memory.Entries.Entries.Select(entry => (float)counts.WrongOf(entry.Position)).ToArray(),
            Floats(result["wrong"]!));
        CollectionAssert.AreEqual(
            checks.Select(check => (float)(check.PredictedClass ?? -1)).ToArray(), Floats(result["predicted"]!));
        CollectionAssert.AreEqual(checks.Select(check => check.Confidence).ToArray(), Floats(result["confidence"]!));
        CollectionAssert.AreEqual(checks.Select(check => check.OwnScore).ToArray(), Floats(result["ownScore"]!));
    }

    private static float[] Floats(JsonNode column) => [.. column.AsArray().Select(each => (float)each!)];
}
