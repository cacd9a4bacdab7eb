// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Voting;

[TestClass]
public sealed class VoteArgumentTests
{
    [TestMethod]
    public void Votes_refuse_parameters_out_of_range()
    {
        foreach ((double bad, string shown) in Bad((-0.1, "-0.1")))
        {
            Refusal.Assert<ArgumentOutOfRangeException>(
                $"DistanceVote's exponent must be finite and at least 0. Got {shown}. (Parameter 'exponent')",
                () => new DistanceVote(bad));
        }

        foreach ((double bad, string shown) in Bad((0, "0"), (-1, "-1")))
        {
            Refusal.Assert<ArgumentOutOfRangeException>(
                $"SoftmaxVote's temperature must be finite and above 0. Got {shown}. (Parameter 'temperature')",
                () => new SoftmaxVote(bad));
        }

        foreach ((double bad, string shown) in Bad((0.09, "0.09"), (-1, "-1")))
        {
            Refusal.Assert<ArgumentOutOfRangeException>(
                $"RankVote's offset must be finite and at least 0.1. Got {shown}. (Parameter 'offset')",
                () => new RankVote(bad));
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Weigh_refuses_another_number_of_weights(int length)
    {
        foreach (IVote vote in AllVotes())
        {
            Refusal.Assert<ArgumentException>(
                $"weights must be [k] = 2 values long. Got {length}. (Parameter 'weights')",
                () => vote.Weigh([0, 1], new double[length]));
        }
    }

    [TestMethod]
    public void Weigh_no_neighbours_gives_no_weights()
    {
        foreach (IVote vote in AllVotes())
        {
            Ballot ballot = Ballot.Cast(vote, 2, [], []);

            Assert.IsNull(ballot.Winner);
            CollectionAssert.AreEqual(new double[2], ballot.Shares);
        }
    }

    [TestMethod]
    [DataRow(new[] { 0.0, 0.0, 2.0 })]
    [DataRow(new[] { 1e300, 1e300, double.PositiveInfinity })]
    [DataRow(new[] { double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity })]
    [DataRow(new[] { double.NegativeInfinity, double.NegativeInfinity, 5.0 })]
    [DataRow(new[] { -1e300, 0.0, 1e300 })]
    public void Weigh_far_and_overflowed_distances_gives_finite_weights_that_fall(double[] distances)
    {
        IVote[] votes = [.. AllVotes(), new DistanceVote(0), new SoftmaxVote(double.Epsilon), new SoftmaxVote(1e308)];
        foreach (IVote vote in votes)
        {
            var weights = new double[distances.Length];
            vote.Weigh(distances, weights);

            Assert.IsTrue(weights.All(weight => weight >= 0 && double.IsFinite(weight)));
            Assert.IsTrue(weights[0] > 0 && weights[0] >= weights[1] && weights[1] >= weights[2]);
            if (vote is not RankVote && distances[0] == distances[1]) Assert.AreEqual(weights[0], weights[1]);
        }
    }

    [TestMethod]
    public void Counter_refuses_no_class_and_unknown_tie_rules()
    {
        Refusal.Assert<ArgumentException>(
            "VoteCounter's classCount must be at least 1. Got 0. (Parameter 'classCount')", () => new VoteCounter(0));
        Refusal.Assert<ArgumentException>(
            "VoteCounter's tieBreak must be a tie rule. Got 3. (Parameter 'tieBreak')",
            () => new VoteCounter(1, (TieBreak)3));
    }

    [TestMethod]
    public void Count_refuses_lengths_labels_and_weights_naming_the_rank()
    {
        var counter = new VoteCounter(2);
        void AssertRefused(string message, int[] labels, double[] weights, int shareCount) =>
            Refusal.Assert<ArgumentException>(message, () => counter.Count(labels, weights, new double[shareCount]));

        AssertRefused("weights must be [k] = 2 values long. Got 1. (Parameter 'weights')", [0, 1], [1], 2);
        AssertRefused("shares must be [c] = 2 values long. Got 3. (Parameter 'shares')", [0, 1], [1, 1], 3);
        AssertRefused("labels must be in [0, 2). Got 2 at rank 1. (Parameter 'labels')", [0, 2], [1, 1], 2);
        AssertRefused("labels must be in [0, 2). Got -1 at rank 0. (Parameter 'labels')", [-1, 1], [1, 1], 2);
        AssertRefused(
            "weights must be finite and at least 0. Got NaN at rank 1. (Parameter 'weights')",
            [0, 1],
            [1, double.NaN],
            2);
        AssertRefused(
            "weights must be finite and at least 0. Got -1 at rank 0. (Parameter 'weights')", [0, 1], [-1, 1], 2);
        AssertRefused("weights must have a finite sum. Got infinity. (Parameter 'weights')", [0, 1], [1e308, 1e308], 2);
    }

    [TestMethod]
    public void CountPrefixes_refuses_lengths()
    {
        var counter = new VoteCounter(2);

        Refusal.Assert<ArgumentException>(
            "weights must be [k] = 2 values long. Got 3. (Parameter 'weights')",
            () => counter.CountPrefixes([0, 1], [1, 1, 1], new int[2]));
        Refusal.Assert<ArgumentException>(
            "winners must be [k] = 2 values long. Got 0. (Parameter 'winners')",
            () => counter.CountPrefixes([0, 1], [1, 1], []));
    }

    [TestMethod]
    public void Count_weights_of_zero_have_no_winner_and_change_nothing()
    {
        var counter = new VoteCounter(3);
        double[] weights = [0, 0, 0], shares = [7, 8, 9];
        var winners = new int[3];

        Assert.IsNull(counter.Count([2, 1, 1], weights, shares));
        counter.CountPrefixes([2, 1, 1], [0, 0, 1], winners);

        CollectionAssert.AreEqual(new double[] { 7, 8, 9 }, shares);
        CollectionAssert.AreEqual(new double[3], weights);
        CollectionAssert.AreEqual(new[] { 2, 2, 1 }, winners);
    }

    [TestMethod]
    public void Count_after_a_refused_count_starts_afresh()
    {
        var counter = new VoteCounter(2);
        Assert.ThrowsExactly<ArgumentException>(() => counter.Count([1, 5], new double[] { 9, 1 }, new double[2]));
        var shares = new double[2];

        Assert.AreEqual(0, counter.Count([0, 1, 0], new double[] { 1, 1, 1 }, shares));
        CollectionAssert.AreEqual(new[] { 2 / 3.0, 1 / 3.0 }, shares);
    }

    [TestMethod]
    public void Entropy_is_zero_where_all_agree_and_largest_where_even()
    {
        Assert.AreEqual(0, VoteCounter.Entropy([0, 1, 0]));
        Assert.AreEqual(Math.Log(4), VoteCounter.Entropy([0.25, 0.25, 0.25, 0.25]), Approx.Reference);
        Assert.AreEqual(0, VoteCounter.Entropy([]));
    }

    /// <summary>Numbers that are refused, each as messages show it, with those that are so everywhere.</summary>
    private static (double Bad, string Shown)[] Bad(params (double Bad, string Shown)[] own) =>
        [.. own, (double.NaN, "NaN"), (double.PositiveInfinity, "Infinity")];

    private static IVote[] AllVotes() => [new PluralityVote(), new DistanceVote(), new SoftmaxVote(), new RankVote()];
}
