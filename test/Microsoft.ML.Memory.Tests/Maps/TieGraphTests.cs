// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class TieGraphTests
{
    [TestMethod]
    [DataRow(3)]
    [DataRow(15)]
    [DataRow(200)]
    public void Ties_of_an_entry_sum_to_the_logarithm_of_their_number(int count)
    {
        var random = new SeededRandom(count);
        double[] distances = [.. Enumerable.Range(0, count).Select(_ => 2 + random.NextDouble()).Order()];

        LocalScale scale = LocalScale.Of(distances, isSigned: false);

        Assert.AreEqual(distances[0], scale.Nearest);
        Assert.AreEqual(Math.Log2(count), scale.Sum(distances), 1e-5);
    }

    [TestMethod]
    public void Duplicates_are_passed_over_for_the_nearest_unless_distances_have_signs()
    {
        Assert.AreEqual(3, LocalScale.Of([0, 0, 3, 4, 5, 6, 7, 8], isSigned: false).Nearest);
        Assert.AreEqual(-2, LocalScale.Of([-2, -1, 3], isSigned: true).Nearest);
        Assert.AreEqual(0, LocalScale.Of([0, 0], isSigned: false).Nearest);
    }

    [TestMethod]
    public void Equal_distances_tie_fully_and_a_scale_never_vanishes()
    {
        Assert.AreEqual(4, LocalScale.Of([2, 2, 2, 2], isSigned: false).Sum([2, 2, 2, 2]));
        Assert.AreEqual(1, LocalScale.Of([5], isSigned: false).TieTo(5));

        // three full ties are more than log2(4) already: the scale stays at a thousandth of the mean of 0, 0, 0, 4
        Assert.AreEqual(1e-3, LocalScale.Of([2, 2, 2, 6], isSigned: false).Scale, 1e-12);
    }

    [TestMethod]
    public void Ties_seen_from_both_ends_are_united()
    {
        BankSnapshot memory = Memories.Of(Metric.SquaredEuclidean, [0], [1], [3], [7]);

        TieGraph ties = TieGraph.Of(EntryNeighbors.Of(memory, 2));

        // k = 2: the nearest ties sum to log2(2) = 1, so the second has all but nothing: exp(-1000) of 2 x the distance
        Assert.AreEqual("0-1:1 0-2:0 1-0:1 1-2:1 1-3:0 2-0:0 2-1:1 2-3:1 3-1:0 3-2:1", Text(ties, 4));
    }

    [TestMethod]
    public void The_union_of_two_ties_is_their_sum_less_their_product()
    {
        BankSnapshot memory = Memories.Of(Metric.SquaredEuclidean, Memories.Draw(12, 3, seed: 6));
        EntryNeighbors neighbors = EntryNeighbors.Of(memory, 11);
        double[,] directed = new double[12, 12];
        for (int row = 0; row < 12; row++)
        {
            double[] distances = Array.ConvertAll(neighbors.DistancesOf(row).ToArray(), each => Math.Sqrt(each));
            LocalScale scale = LocalScale.Of(distances, isSigned: false);
            for (int rank = 0; rank < 11; rank++)
                directed[row, neighbors.PositionsOf(row)[rank]] = scale.TieTo(distances[rank]);
        }

        TieGraph ties = TieGraph.Of(neighbors);

        Assert.AreEqual(12 * 11, ties.Others.Length);
        for (int row = 0; row < 12; row++)
        {
            for (int tie = ties.StartOf(row); tie < ties.StartOf(row + 1); tie++)
            {
                double a = directed[row, ties.Others[tie]], b = directed[ties.Others[tie], row];
                Assert.AreEqual(a + b - (a * b), ties.Strengths[tie], 1e-6);
            }
        }
    }

    [TestMethod]
    public void The_curve_of_the_defaults_is_the_known_one()
    {
        PlaneCurve curve = PlaneCurve.Fit(0.1, 1);

        // as umap-learn prints them for min_dist 0.1 and spread 1
        Assert.AreEqual(1.577, curve.A, 1e-3);
        Assert.AreEqual(0.8951, curve.B, 1e-4);
    }

    [TestMethod]
    [DataRow(0.0, 1.0)]
    [DataRow(1.0, 1.0)]
    [DataRow(0.001, 0.01)]
    [DataRow(99.0, 100.0)]
    public void Curves_fall_from_one_and_fit_better_than_a_nearby_one(double minimumDistance, double spread)
    {
        PlaneCurve curve = PlaneCurve.Fit(minimumDistance, spread);

        double error = Error(curve, minimumDistance, spread);
        foreach (double factor in (double[])[0.99, 1.01])
        {
            Assert.IsLessThan(Error(curve with { A = curve.A * factor }, minimumDistance, spread), error);
            Assert.IsLessThan(Error(curve with { B = curve.B * factor }, minimumDistance, spread), error);
        }
    }

    private static double Error(PlaneCurve curve, double minimumDistance, double spread)
        => Enumerable.Range(1, 300).Sum(index =>
        {
            double d = index * spread / 100;
            double target = d <= minimumDistance ? 1 : Math.Exp(-(d - minimumDistance) / spread);
            double value = 1 / (1 + (curve.A * Math.Pow(d, 2 * curve.B)));
            return (value - target) * (value - target);
        });

    private static string Text(TieGraph ties, int rowCount)
        => string.Join(' ', Enumerable.Range(0, rowCount).SelectMany(row =>
            Enumerable.Range(ties.StartOf(row), ties.StartOf(row + 1) - ties.StartOf(row))
                .Select(tie => FormattableString.Invariant(
                    $"{row}-{ties.Others[tie]}:{ties.Strengths[tie]:F0}"))));
}
