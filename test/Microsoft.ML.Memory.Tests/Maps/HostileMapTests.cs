// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class HostileMapTests
{
    [TestMethod]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Ties_over_distances_beyond_the_largest_number_have_strengths(Metric metric)
    {
        BankSnapshot memory = Memories.Of(metric, FarApart());

        EntryNeighbors neighbors = EntryNeighbors.Of(memory, 8);
        TieGraph ties = TieGraph.Of(neighbors);
        EntryMap map = EntryMap.OfNeighbors(neighbors);

        foreach (float strength in ties.Strengths) Assert.IsTrue(strength is >= 0 and <= 1, $"{strength}");
        AssertFinite(map);
    }

    [TestMethod]
    public void Longest_steps_of_an_entry_that_all_are_tied_to_lead_to_finite_places()
    {
        BankSnapshot memory = Memories.Of(
            Metric.InnerProduct,
            [.. Enumerable.Range(0, 2_000).Select(row => new float[] { row == 0 ? 1e6f : 1, row })]);
        var settings = new EntryMapSettings
        {
            LearningRate = 100,
            NegativeSampleCount = 50,
            EpochCount = 50,
            MinimumDistance = 1,
        };

        AssertFinite(EntryMap.OfNeighbors(EntryNeighbors.Of(memory), settings));
    }

    [TestMethod]
    public void More_neighbours_than_an_array_holds_are_refused()
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        for (int row = 0; row < 47_000; row++) bank.Add([row], 0);

        Refusal.Assert<ArgumentException>(
            $"EntryNeighbors' neighborCount must be at most {Array.MaxLength / 47_000} for 47000 entries. Got 47000. "
            + "(Parameter 'neighborCount')",
            () => EntryNeighbors.Of(bank.Snapshot(), 47_000));
    }

    private static float[][] FarApart()
    {
        float[][] keys = Memories.Draw(40, 3, seed: 2);
        for (int row = 0; row < keys.Length; row++)
        {
            for (int i = 0; i < 3; i++) keys[row][i] *= row % 4 == 0 ? 1e30f : row % 4 == 1 ? 1e18f : 1;
        }

        return keys;
    }

    private static void AssertFinite(EntryMap map)
    {
        foreach (float x in map.X) Assert.IsTrue(float.IsFinite(x));
        foreach (float y in map.Y) Assert.IsTrue(float.IsFinite(y));
    }
}
