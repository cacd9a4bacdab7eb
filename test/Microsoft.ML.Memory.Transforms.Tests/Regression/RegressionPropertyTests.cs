// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

[TestClass]
public sealed class RegressionPropertyTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Scores_equal_brute_force_in_double()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(80).WithReplay(20_261_122, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsBruteForce));
    }

    [TestMethod]
    public void Edited_models_equal_those_fitted_on_what_they_hold()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(30).WithReplay(20_261_122, 9);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsFit));
    }

    private static NearestNeighborsRegressionOptions DrawOptions(Random random)
    {
        NearestNeighborsRegressionOptions options = Sales.Options with
        {
            NeighborCount = random.Next(1, 70),
            Weighting = (NeighborWeighting)random.Next(2),
            ExampleWeightColumnName = random.Next(2) == 0 ? null : "Weight",
            LargestDistance = random.Next(2) == 0 ? null : random.Next(40),
        };
        return options.LargestDistance is not null && random.Next(2) == 0
            ? options with { NeighborCount = null }
            : options;
    }

    private bool EqualsBruteForce(int seed)
    {
        var random = new Random(seed);
        Sale[] sales = Sales.Draw(random.Next(1, 60), seed);
        Sale[] queries = [.. Sales.Draw(10, seed + 1), .. sales.Take(5)]; // those hit exactly
        NearestNeighborsRegressionOptions options = DrawOptions(random);

        SaleEstimate[] found = Sales.Predict(_mlContext, Sales.Fit(_mlContext, sales, options), queries);

        for (int row = 0; row < queries.Length; row++)
        {
            double expected = BruteForce(sales, queries[row], options);
            if (double.IsNaN(expected)) Assert.AreEqual(float.NaN, found[row].Score, $"row {row}");
            else Assert.AreEqual(expected, found[row].Score, 1e-4, $"row {row}");
            if (found[row].NeighborLabels.Length == 0 || float.IsNaN(found[row].Score)) continue;
            Assert.AreEqual(1, found[row].NeighborWeights.Sum(), 1e-5);
            double explained = found[row].NeighborWeights.Zip(
                found[row].NeighborLabels, (share, label) => (double)share * label).Sum();
            Assert.AreEqual(explained, found[row].Score, 1e-3);
            Assert.IsInRange(
                found[row].NeighborLabels.Min() - 1e-4f, found[row].NeighborLabels.Max() + 1e-4f, found[row].Score);
        }

        return true;
    }

    private bool EqualsFit(int seed)
    {
        var random = new Random(seed);
        NearestNeighborsRegressionOptions options = DrawOptions(random);
        List<Sale> held = [.. Sales.Draw(random.Next(1, 30), seed)];
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, held, options);
        for (int step = 1; step < 6; step++)
        {
            Sale[] added = Sales.Draw(random.Next(9), seed + step, firstId: 100 * step);
            model = model.Add(Sales.View(_mlContext, added));
            held.AddRange(added);
            long[] removed = [.. held.Where(_ => random.Next(3) == 0).Select(sale => sale.Id)];
            model = model.Remove(removed);
            held.RemoveAll(sale => removed.Contains(sale.Id));
            CollectionAssert.AreEqual(held.Select(sale => sale.Id).ToArray(), model.Ids.ToArray());
        }

        if (held.Count == 0) return model.Count == 0;
        Sale[] queries = [.. Sales.Draw(10, seed + 1), .. held.Take(5)];
        Sales.AssertSame(
            Sales.Predict(_mlContext, Sales.Fit(_mlContext, held, options), queries),
            Sales.Predict(_mlContext, model, queries));
        return true;
    }

    /// <summary>Distances, roots, ratios and sums in double; a stable sort keeps the order of adding.</summary>
    private static double BruteForce(Sale[] sales, Sale query, NearestNeighborsRegressionOptions options)
    {
        (double Distance, Sale Sale)[] near =
        [
            .. sales.Select(sale => (Distance: Distance(sale, query), sale))
                .OrderBy(each => each.Distance)
                .Take(options.NeighborCount ?? int.MaxValue)
                .Where(each => !((float)(each.Distance * each.Distance) > options.LargestDistance)),
        ];
        bool isHit = near.Any(each => each.Distance == 0);
        double[] weights =
        [
            .. near.Select(each => (options.ExampleWeightColumnName is null ? 1 : each.Sale.Weight)
                * (options.Weighting == NeighborWeighting.Uniform ? 1
                    : !isHit ? 1 / each.Distance
                    : each.Distance == 0 ? 1 : 0)),
        ];
        return near.Zip(weights, (each, weight) => weight * each.Sale.Label).Sum() / weights.Sum();
    }

    private static double Distance(Sale one, Sale other)
        => Math.Sqrt(one.Features.Zip(other.Features, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
}
