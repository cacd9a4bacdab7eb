// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed class QuantizedDigitsTests
{
    private const int K = 10;

    [TestMethod]
    public void Digits_are_found_by_short_codes_and_nearly_all_when_ranked_again()
    {
        Optdigits train = Optdigits.Train();
        float[] queries = Optdigits.Test().Rows[..(500 * Optdigits.Dimension)];

        (double codes, double ranked) = Recall(train.Rows, queries, Optdigits.Dimension, 8, Metric.Cosine);

        Assert.IsGreaterThanOrEqualTo(0.995, ranked);
        Assert.IsGreaterThanOrEqualTo(0.75, codes);
        Assert.IsGreaterThan(codes, ranked);
    }

    [TestMethod]
    public void Images_are_found_by_short_codes_and_nearly_all_when_ranked_again()
    {
        float[] train = MnistDigits.Train(2000).Rows, queries = MnistDigits.Test(100).Rows;

        (double codes, double ranked) = Recall(train, queries, MnistDigits.Dimension, 49, Metric.SquaredEuclidean);

        Assert.IsGreaterThanOrEqualTo(0.995, ranked);
        Assert.IsGreaterThanOrEqualTo(0.85, codes);
        Assert.IsGreaterThan(codes, ranked);
    }

    /// <summary>Gives the recall at 10 without vectors and with them.</summary>
    private static (double Codes, double Ranked) Recall(
        float[] rows, float[] queries, int dimension, int subspaces, Metric metric)
    {
        long[] ids = [.. Enumerable.Range(0, rows.Length / dimension)];
        var exact = new FlatIndex(dimension, metric);
        exact.Add(ids, rows);
        var truth = new NeighborTable();
        exact.Search(queries, K, truth);
        double[] recalls = [.. ((bool[])[false, true]).Select(keepVectors =>
        {
            var index = new QuantizedIndex(dimension, metric, new QuantizedSettings
            {
                SubspaceCount = subspaces,
                TrainingCount = ids.Length,
                Iterations = 2,
                KeepVectors = keepVectors,
            });
            index.Add(ids, rows);
            var found = new NeighborTable();
            index.Search(queries, K, found);
            int hits = Enumerable.Range(0, truth.QueryCount).Sum(
                query => truth.IdsOf(query).ToArray().Intersect(found.IdsOf(query).ToArray()).Count());
            return hits / (double)(K * truth.QueryCount);
        })];
        return (recalls[0], recalls[1]);
    }
}
