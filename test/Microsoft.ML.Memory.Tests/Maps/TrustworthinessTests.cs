// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Banks;
using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class TrustworthinessTests
{
    [TestMethod]
    public void A_plane_that_shows_everything_is_trusted_fully()
    {
        BankSnapshot memory = Memories.Of(Metric.SquaredEuclidean, Memories.Draw(300, 2, seed: 2));

        Assert.AreEqual(1, EntryMap.Principal(memory).MeasureTrustworthiness(10), 1e-4);
    }

    [TestMethod]
    [DataRow(1, 60)]
    [DataRow(7, 60)]
    [DataRow(29, 60)]
    [DataRow(7, 13)]
    public void It_is_the_sum_of_ranks_of_the_definition(int k, int sampleCount)
    {
        BankSnapshot memory = Memories.Of(Metric.SquaredEuclidean, Memories.Draw(60, 8, seed: 9));
        EntryMap map = EntryMap.Principal(memory);

        Assert.AreEqual(ByDefinition(map, k, sampleCount), map.MeasureTrustworthiness(k, sampleCount), 1e-12);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_memory_of_codes_is_measured_by_what_they_stand_for(bool keepVectors)
    {
        var rows = new ClusteredRows(200, 8, Metric.Cosine, 3);
        BankSnapshot memory = CodedBanks.Trained(rows, CodedBanks.Settings(keepVectors)).Snapshot();

        Assert.AreEqual(
            EntryMap.Principal(CodedBanks.Decoded(memory)).MeasureTrustworthiness(7),
            EntryMap.Principal(memory).MeasureTrustworthiness(7));
    }

    [TestMethod]
    public void Numbers_out_of_range_are_refused()
    {
        EntryMap map = EntryMap.Principal(Memories.Of(Metric.Cosine, Memories.Draw(30, 2, seed: 2)));

        Refusal.Assert<ArgumentException>(
            "MeasureTrustworthiness's neighborCount must be below half of the 30 entries. Got 15. "
            + "(Parameter 'neighborCount')",
            () => map.MeasureTrustworthiness(15));
        Refusal.Assert<ArgumentException>(
            "MeasureTrustworthiness's neighborCount must be at least 1. Got 0. (Parameter 'neighborCount')",
            () => map.MeasureTrustworthiness(0));
        Refusal.Assert<ArgumentException>(
            "MeasureTrustworthiness's sampleCount must be at least 1. Got 0. (Parameter 'sampleCount')",
            () => map.MeasureTrustworthiness(5, 0));
    }

    private static double ByDefinition(EntryMap map, int k, int sampleCount)
    {
        int count = map.Count;
        EntryNeighbors all = EntryNeighbors.Of(map.Memory, count);
        double sum = 0;
        for (int sample = 0; sample < sampleCount; sample++)
        {
            int row = sample * count / sampleCount;
            int[] ranked = all.PositionsOf(row).ToArray();
            float x = map.X[row], y = map.Y[row];
            float[] xs = map.X.ToArray(), ys = map.Y.ToArray();
            IEnumerable<int> shown = Enumerable.Range(0, count).Where(other => other != row)
                .OrderBy(other => ((xs[other] - x) * (xs[other] - x)) + ((ys[other] - y) * (ys[other] - y))).Take(k);
            sum += shown.Sum(other => Math.Max(0, Array.IndexOf(ranked, other) + 1 - k));
        }

        return 1 - (2 * sum / (sampleCount * k * ((2.0 * count) - (3 * k) - 1)));
    }
}
