// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class FirstNeighborsTests
{
    [TestMethod]
    [DataRow(150, 15)]
    [DataRow(150, 50)]
    [DataRow(10, 15)]
    [DataRow(1, 2)]
    [DataRow(0, 1)]
    public void First_neighbours_are_those_of_a_search_for_so_many(int count, int first)
    {
        float[][] keys = Memories.Draw(count, 3, seed: 4);
        for (int row = 7; row < count; row += 3) keys[row] = keys[row - 7];
        BankSnapshot memory = Memories.Of(Metric.Cosine, keys);

        EntryNeighbors expected = EntryNeighbors.Of(memory, first);
        EntryNeighbors neighbors = EntryNeighbors.Of(memory, 50).First(first);

        Assert.AreEqual(first, neighbors.NeighborCount);
        Assert.AreSame(memory, neighbors.Memory);
        CollectionAssert.AreEqual(expected.Ids.ToArray(), neighbors.Ids.ToArray());
        for (int row = 0; row < count; row++)
        {
            Assert.AreEqual(expected.CountOf(row), neighbors.CountOf(row));
            CollectionAssert.AreEqual(expected.IdsOf(row).ToArray(), neighbors.IdsOf(row).ToArray());
            CollectionAssert.AreEqual(expected.PositionsOf(row).ToArray(), neighbors.PositionsOf(row).ToArray());
            CollectionAssert.AreEqual(expected.DistancesOf(row).ToArray(), neighbors.DistancesOf(row).ToArray());
        }
    }

    [TestMethod]
    public void Maps_and_counts_of_first_neighbours_are_those_of_a_search_for_so_many()
    {
        BankSnapshot memory = Memories.Groups(200, 3, seed: 1);
        EntryNeighbors searched = EntryNeighbors.Of(memory, 15);

        EntryNeighbors first = EntryNeighbors.Of(memory, 50).First(15);
        EntryMap expected = EntryMap.OfNeighbors(searched);
        EntryMap map = EntryMap.OfNeighbors(first);

        CollectionAssert.AreEqual(expected.X.ToArray(), map.X.ToArray());
        CollectionAssert.AreEqual(expected.Y.ToArray(), map.Y.ToArray());
        EntryReliability expectedCounts = EntryReliability.Of(searched);
        EntryReliability counts = EntryReliability.Of(first);
        foreach (Entry entry in memory.Entries)
        {
            Assert.AreEqual(expectedCounts.WrongOf(entry.Position), counts.WrongOf(entry.Position));
            Assert.AreEqual(expectedCounts.CorrectOf(entry.Position), counts.CorrectOf(entry.Position));
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(6)]
    public void First_refuses_none_and_more_than_there_are(int count)
        => Refusal.Assert<ArgumentException>(
            $"First's neighborCount must be in [1, 5]. Got {count}. (Parameter 'neighborCount')",
            () => EntryNeighbors.Of(Memories.Of(Metric.Cosine, [1, 0], [0, 1]), 5).First(count));
}
