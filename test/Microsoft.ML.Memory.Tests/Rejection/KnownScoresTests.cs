// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Rejection;

[TestClass]
public sealed class KnownScoresTests
{
    [TestMethod]
    public void Threshold_lets_the_asked_share_pass()
    {
        float[] scores = [.. Enumerable.Range(1, 2000).Select(value => (float)value)];
        new SeededRandom(1).Shuffle(scores.AsSpan());
        var known = KnownScores.Of(scores);

        Assert.AreEqual(1900, known.ThresholdOf(0.95));
        Assert.AreEqual(1140, known.ThresholdOf(0.57));
        Assert.AreEqual(2000, known.ThresholdOf(1));
        Assert.AreEqual(2, known.ThresholdOf(1e-9));
        Assert.HasCount(KnownScores.QuantileCount, known.Quantiles);
    }

    [TestMethod]
    public void Without_scores_nothing_is_above_the_threshold()
        => Assert.AreEqual(float.PositiveInfinity, KnownScores.Of([]).ThresholdOf(0.5));

    [TestMethod]
    public void Auroc_counts_ties_half()
    {
        Assert.AreEqual(1, RejectionMeasures.Auroc([1, 2], [3, 4]));
        Assert.AreEqual(0, RejectionMeasures.Auroc([3, 4], [1, 2]));
        Assert.AreEqual(0.5, RejectionMeasures.Auroc([1, 1], [1]));
        Assert.AreEqual(0.5, RejectionMeasures.Auroc([1, 2, 3], [2, 2]));
    }

    [TestMethod]
    public void Auroc_names_bad_scores()
    {
        Refusal.Assert<ArgumentException>(
            "known must hold at least 1 score. Got 0. (Parameter 'known')", () => RejectionMeasures.Auroc([], [1]));
        Refusal.Assert<ArgumentException>(
            "unknown must be numbers. Got NaN. (Parameter 'unknown')",
            () => RejectionMeasures.Auroc([1], [double.NaN]));
    }

    [TestMethod]
    public void Scores_by_hand()
    {
        float[] distances = [0.5f, 0.75f];
        double[] shares = [0.75, 0.25];

        Assert.AreEqual(0.25, UnknownScore.Of(UnknownScoreKind.MaxProbability, distances, shares, 1));
        Assert.AreEqual(0.5, UnknownScore.Of(UnknownScoreKind.NearestDistance, distances, shares, 1));
        Assert.AreEqual(0.75, UnknownScore.Of(UnknownScoreKind.KthDistance, distances, shares, 1));
        Assert.AreEqual(0.625, UnknownScore.Of(UnknownScoreKind.MeanDistance, distances, shares, 1));
        Assert.AreEqual(
            1 / (1 + Math.Exp(0.5) + Math.Exp(0.25)),
            UnknownScore.Of(UnknownScoreKind.SoftmaxLeftover, distances, shares, 1),
            Approx.Reference);
        Assert.AreEqual(0, UnknownScore.Normalize(0, 0));
        Assert.AreEqual(double.PositiveInfinity, UnknownScore.Normalize(1, 0));
    }

    [TestMethod]
    public void Leftover_of_far_and_near_neighbours_is_a_number()
    {
        Assert.AreEqual(1, UnknownScore.Of(UnknownScoreKind.SoftmaxLeftover, [float.PositiveInfinity], [1], 0.01));
        Assert.AreEqual(0, UnknownScore.Of(UnknownScoreKind.SoftmaxLeftover, [-1e6f, 3], [1], 0.01));
    }

    [TestMethod]
    public void Mean_of_distances_that_overflow_either_way_is_a_number()
    {
        const float Far = float.PositiveInfinity;

        Assert.AreEqual(2, UnknownScore.Of(UnknownScoreKind.MeanDistance, [-Far, 2, Far], [1], 1));
        Assert.AreEqual(Far, UnknownScore.Of(UnknownScoreKind.MeanDistance, [1, Far], [1], 1));
    }
}
