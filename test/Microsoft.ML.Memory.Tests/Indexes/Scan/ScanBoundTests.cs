// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class ScanBoundTests
{
    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void No_row_is_nearer_than_the_least_distance_of_its_score(Metric metric)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20_261_122, 11);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int d = random.Next(1, 200);
            float[] query = Vector(random, d), row = Vector(random, d);
            double weight = Math.ScaleB(1, random.Next(-24, 1));
            (ScanBound bound, float score, double distance) = Score(metric, query, row, weight);

            return bound.LeastDistance(score) <= distance && bound.Cutoff(Math.BitDecrement(distance)) <= score;
        }));
    }

    [TestMethod]
    public void No_row_is_nearer_than_the_least_distance_of_its_sum_of_squared_differences()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20_261_122, 13);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int d = random.Next(1, 200);
            float[] query = Vector(random, d), row = Vector(random, d);
            float share = MathF.Pow(10, -random.Next(8)); // as near as the floats of a vector allow
            for (int i = 0; i < d; i++) row[i] = query[i] + (share * (row[i] - query[i]));
            float sum = 0;
            for (int i = 0; i < d; i++) sum += (query[i] - row[i]) * (query[i] - row[i]);
            ScanBound bound = ScanBound.OfDifferences(d);
            double distance = BruteForce.Distance(Metric.SquaredEuclidean, query, row);

            return bound.LeastDistance(-sum) <= distance && bound.Cutoff(Math.BitDecrement(distance)) <= -sum;
        }));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(64)]
    [DataRow(1 << 20)]
    public void The_bound_of_differences_is_a_share_of_the_distance(int d)
    {
        double g = ScanBound.RoundingOf(d);
        ScanBound bound = ScanBound.OfDifferences(d);

        Assert.AreEqual(100 / (1 + g), bound.LeastDistance(-100), 1e-9);
        Assert.AreEqual(-100 * (1 + g), bound.Cutoff(100), 1e-4);
        Assert.AreEqual(double.NegativeInfinity, bound.LeastDistance(float.PositiveInfinity));
        Assert.IsLessThan(0, bound.Cutoff(0));
        Assert.IsGreaterThan(-1e-35f, bound.Cutoff(0));
    }

    [TestMethod]
    [DataRow(1f)]
    [DataRow(1e-44f)]
    [DataRow(1e16f)]
    public void Queries_are_scaled_to_length_1_by_inner_product_or_are_shorter(float length)
    {
        float factor = ScanBound.FactorOf(Metric.InnerProduct, (double)length * length);

        Assert.IsGreaterThan(0, length * factor);
        Assert.IsLessThanOrEqualTo(1.000001f, length * factor);
        Assert.AreEqual(1, ScanBound.FactorOf(Metric.SquaredEuclidean, length));
        Assert.IsTrue(float.IsFinite(ScanBound.FactorOf(Metric.InnerProduct, 0)));
    }

    [TestMethod]
    [DataRow(4, 16, 0.5)]
    [DataRow(16, 4, 1)]
    [DataRow(0, 4, 1)]
    [DataRow(float.NaN, 4, 1)]
    [DataRow(1, 1e20, 1)]
    public void WeightOf_is_the_ratio_of_norms_where_single_precision_knows_it(
        double square, double squareOfQuery, double weight) =>
        Assert.AreEqual(weight, ScanBound.WeightOf(square, squareOfQuery));

    /// <summary>Gives the bound of a query beside a row, the row's score as a kernel computes it, and its distance.
    /// </summary>
    private static (ScanBound Bound, float Score, double Distance) Score(
        Metric metric, float[] query, float[] row, double weight)
    {
        fixed (float* q = query, m = row)
        {
            double square = PairDistance.SquaredNorm(q, query.Length);
            float term = RowTerm.Of(metric, row);
            float factor = ScanBound.FactorOf(metric, square);
            float dot = 0;
            for (int i = 0; i < row.Length; i++) dot += query[i] * factor * row[i];
            float scale = metric switch { Metric.Cosine => term, Metric.SquaredEuclidean => 2, _ => 1 };
            float score = (dot * scale) + (ScanBound.OffsetOf(metric, row.Length, weight) * term);
            var bound = new ScanBound(metric, row.Length, square, RowTerm.NormOf(metric, term), weight);
            return (bound, score, PairDistance.Of(metric, q, square, m, row.Length));
        }
    }

    private static float[] Vector(Random random, int d)
    {
        float length = MathF.Pow(10, random.Next(-12, 13)), offset = random.Next(3);
        return [.. Enumerable.Range(0, d).Select(_ => length * (offset + random.NextSingle() - 0.5f))];
    }
}
