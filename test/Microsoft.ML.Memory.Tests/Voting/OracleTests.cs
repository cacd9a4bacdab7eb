// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Voting;

/// <summary>The oracles T1.1 to T1.6 of the specification; T1.7 and T1.8 need a bank and are in Banks.</summary>
[TestClass]
public sealed class OracleTests
{
    private const int A = 0;
    private const int B = 1;
    private const int C = 2;

    private static readonly int[] _labels = [A, B, B, C, A];
    private static readonly double[] _distances = [0.10, 0.12, 0.13, 0.20, 0.40];

    [TestMethod]
    public void T1_1_totals_and_winners_of_the_four_votes()
    {
        AssertTotals(new PluralityVote(), 1, [2, 2, 1], B);
        AssertTotals(new DistanceVote(), Math.Exp(-0.10), [1.575157, 1.765016, 0.818731], B);
        AssertTotals(new SoftmaxVote(), Math.Exp(-0.10 / 0.07), [0.242950, 0.336210, 0.057433], B);
        AssertTotals(new RankVote(), 1, [2 / 3.0, 7 / 12.0, 1 / 5.0], A);
    }

    [TestMethod]
    [DataRow(new[] { 2, 3, 3, 2 }, TieBreak.FirstToReach, 3)]
    [DataRow(new[] { 2, 3, 3, 2 }, TieBreak.NearestFirstOccurrence, 2)]
    [DataRow(new[] { 2, 3, 3, 2 }, TieBreak.LowestLabel, 2)]
    [DataRow(new[] { 0, 1 }, TieBreak.FirstToReach, 0)]
    [DataRow(new[] { 2, 3, 3, 1, 1 }, TieBreak.FirstToReach, 3)]
    [DataRow(new[] { 2, 3, 3, 1, 1 }, TieBreak.LowestLabel, 1)]
    [DataRow(new[] { 3, 2, 2, 3, 0, 0 }, TieBreak.NearestFirstOccurrence, 3)]
    public void T1_2_ties_go_by_the_rule(int[] labels, TieBreak tieBreak, int winner)
    {
        Ballot ballot = Ballot.Cast(new PluralityVote(), 4, labels, new double[labels.Length], tieBreak);

        Assert.AreEqual(winner, ballot.Winner);
    }

    [TestMethod]
    public void T1_3_one_neighbour_has_the_whole_vote()
    {
        foreach (IVote vote in AllVotes())
        {
            Ballot ballot = Ballot.Cast(vote, 3, [2], [1.9]);

            Assert.AreEqual(2, ballot.Winner);
            CollectionAssert.AreEqual(new double[] { 0, 0, 1 }, ballot.Shares);
            CollectionAssert.AreEqual(new double[] { 1 }, ballot.Weights);
        }
    }

    [TestMethod]
    [DataRow(2.0, B)]
    [DataRow(0.1, A)]
    public void T1_4_rank_offset_decides_between_the_nearest_and_two_farther(double offset, int winner)
    {
        Ballot ballot = Ballot.Cast(new RankVote(offset), 2, [A, B, B], [0.1, 0.2, 0.3]);

        Assert.AreEqual(winner, ballot.Winner);
        double total = 1 / offset + 1 / (offset + 1) + 1 / (offset + 2);
        Assert.AreEqual(1 / offset / total, ballot.Shares[A], Approx.Reference);
    }

    [TestMethod]
    public void T1_5_rank_is_blind_to_monotone_maps_and_plurality_to_order()
    {
        double[] shares = Ballot.Cast(new RankVote(), 3, _labels, _distances).Shares;
        double[] cubed = [.. _distances.Select(d => d * d * d)];
        double[] stretched = [.. _distances.Select(d => 5 * d + 1)];

        CollectionAssert.AreEqual(shares, Ballot.Cast(new RankVote(), 3, _labels, cubed).Shares);
        CollectionAssert.AreEqual(shares, Ballot.Cast(new RankVote(), 3, _labels, stretched).Shares);
        double[] even = Ballot.Cast(new PluralityVote(), 3, _labels, _distances).Shares;
        foreach (int[] shuffled in new int[][] { [B, B, A, A, C], [C, A, B, A, B], [A, A, B, B, C] })
            CollectionAssert.AreEqual(even, Ballot.Cast(new PluralityVote(), 3, shuffled, _distances).Shares);
    }

    [TestMethod]
    public void T1_6_limits_of_the_parameters_are_plurality_and_the_nearest()
    {
        double[] even = Ballot.Cast(new PluralityVote(), 3, _labels, _distances).Shares;

        CollectionAssert.AreEqual(even, Ballot.Cast(new DistanceVote(0), 3, _labels, _distances).Shares);
        CollectionAssert.AreEqual(even, Ballot.Cast(new SoftmaxVote(1e300), 3, _labels, _distances).Shares);
        CollectionAssert.AreEqual(
            new double[] { 1, 0, 0 }, Ballot.Cast(new SoftmaxVote(1e-6), 3, _labels, _distances).Shares);
        CollectionAssert.AreEqual(
            new double[] { 1, 0, 0 }, Ballot.Cast(new SoftmaxVote(double.Epsilon), 3, _labels, _distances).Shares);
    }

    private static IVote[] AllVotes() => [new PluralityVote(), new DistanceVote(), new SoftmaxVote(), new RankVote()];

    private static void AssertTotals(IVote vote, double scale, double[] totals, int winner)
    {
        Ballot ballot = Ballot.Cast(vote, 3, _labels, _distances);
        var actual = new double[3];
        for (int rank = 0; rank < _labels.Length; rank++) actual[_labels[rank]] += scale * ballot.Raw[rank];

        Approx.AssertEqual(totals, actual, Approx.Printed, vote.GetType().Name);
        double[] shares = [.. actual.Select(total => total / actual.Sum())];
        Approx.AssertEqual(shares, ballot.Shares, Approx.Reference, vote.GetType().Name);
        Assert.AreEqual(winner, ballot.Winner, vote.GetType().Name);
    }
}
