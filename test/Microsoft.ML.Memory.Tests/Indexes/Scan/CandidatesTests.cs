// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class CandidatesTests
{
    private const int Capacity = 138;
    private const int Keep = 61;

    [TestMethod]
    public void Prune_keeps_the_best_and_bounds_what_it_drops()
    {
        Gen<float[]> cases =
            from spread in Gen.Choose(0, 200) // few different scores as well as many
            from scores in Gen.Choose(-spread, spread).Select(score => score / 7f).ArrayOf(Capacity)
            select scores;

        Config config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_261_121, 9);
        FsCheck.Check.One(config, Prop.ForAll(cases.ToArbitrary(), Verify));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    [DataRow(0)]
    public void Prune_makes_room_where_all_are_equal(float score) => Verify([.. Enumerable.Repeat(score, Capacity)]);

    [TestMethod]
    public void Prune_keeps_what_cannot_be_trusted() =>
        Verify([.. Enumerable.Range(0, Capacity).Select(index => index % 9 == 0 ? float.NaN : -index)]);

    private static void Verify(float[] scores)
    {
        using var scratch = new NativeScratch();
        var candidates = new Candidates(scratch, queryCount: 2, Capacity);
        candidates.CountOf(1) = 0;
        bool isFull = false;
        for (int position = 0; position < Capacity; position++)
        {
            Assert.IsFalse(isFull);
            isFull = candidates.Add(1, scores[position], position);
        }

        candidates.Prune(1, Keep);

        Assert.IsTrue(isFull);
        int count = candidates.CountOf(1);
        Assert.IsInRange(Keep, (Keep + Capacity) / 2, count);
        float[] asked = [.. scores.Select(score => float.IsNaN(score) ? float.PositiveInfinity : score)];
        int[] kept = new Span<int>(candidates.PositionsOf(1), count).ToArray();
        CollectionAssert.AreEqual(
            kept.Select(position => asked[position]).ToArray(),
            new Span<float>(candidates.ScoresOf(1), count).ToArray());
        CollectionAssert.AllItemsAreUnique(kept);
        float threshold = candidates.Thresholds[1];
        Assert.IsTrue(Enumerable.Range(0, Capacity).Except(kept).All(position => asked[position] <= threshold));
        float[] best = [.. asked.OrderDescending().Take(Keep)];
        Assert.IsTrue(kept.Select(position => asked[position]).OrderDescending().Take(Keep).SequenceEqual(best));
    }
}
