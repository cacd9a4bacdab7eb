// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed class QuantizerTrainingTests
{
    [TestMethod]
    public void Same_rows_and_seed_give_the_same_codebooks_also_beside_others()
    {
        float[] rows = QuantizedRows.Gaussians(3000, 12, 1);
        float[] expected = ProductQuantizer.Train(rows, 12, 6, seed: 9).Centroids.ToArray();

        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ => CollectionAssert.AreEqual(
            expected, ProductQuantizer.Train(rows, 12, 6, seed: 9).Centroids.ToArray()));
        CollectionAssert.AreNotEqual(expected, ProductQuantizer.Train(rows, 12, 6, seed: 10).Centroids.ToArray());
    }

    [TestMethod]
    public void Subspaces_are_trained_as_if_alone_so_threads_do_not_matter()
    {
        float[] rows = QuantizedRows.Gaussians(1500, 6, 2);
        float[] whole = ProductQuantizer.Train(rows, 6, 3, seed: 4).Centroids.ToArray();

        for (int subspace = 0; subspace < 3; subspace++)
        {
            float[] part = [.. Enumerable.Range(0, 3000).Select(
                place => rows[(place / 2 * 6) + (subspace * 2) + (place % 2)])];
            float[] alone = ProductQuantizer.Train(part, 2, 1, seed: 4).Centroids.ToArray();
            CollectionAssert.AreEqual(alone, whole[(subspace * 512)..((subspace + 1) * 512)]);
        }
    }

    [TestMethod]
    [DataRow(10, 4, new[] { 3, 3, 2, 2 })]
    [DataRow(8, 4, new[] { 2, 2, 2, 2 })]
    [DataRow(3, 3, new[] { 1, 1, 1 })]
    [DataRow(5, 1, new[] { 5 })]
    public void Subspaces_follow_each_other_and_the_first_are_longer(int dimension, int subspaces, int[] lengths)
    {
        int start = 0;
        for (int subspace = 0; subspace < subspaces; subspace++)
        {
            Assert.AreEqual((start, lengths[subspace]), ProductQuantizer.Subspace(subspace, dimension, subspaces));
            start += lengths[subspace];
        }

        Assert.AreEqual(dimension, start);
    }

    [TestMethod]
    public void Arguments_that_break_a_rule_are_refused()
    {
        AssertRefused(
            "dimension must be in [1, 1048576]. Got 0. (Parameter 'dimension')",
            () => ProductQuantizer.Train([1], 0, 1));
        AssertRefused(
            "subspaceCount must be in [1, 2] for vectors of length 2. Got 3. (Parameter 'subspaceCount')",
            () => ProductQuantizer.Train([1, 2], 2, 3));
        AssertRefused(
            "subspaceCount must be in [1, 2] for vectors of length 2. Got 0. (Parameter 'subspaceCount')",
            () => ProductQuantizer.Train([1, 2], 2, 0));
        AssertRefused(
            "subspaceCount must be in [1, 256] for vectors of length 300. Got 257. (Parameter 'subspaceCount')",
            () => ProductQuantizer.Train(new float[300], 300, 257));
        AssertRefused(
            "iterations must be at least 1. Got 0. (Parameter 'iterations')",
            () => ProductQuantizer.Train([1, 2], 2, 1, iterations: 0));
        AssertRefused(
            "vectors must be [n, 2], n at least 1. Got 0 values. (Parameter 'vectors')",
            () => ProductQuantizer.Train([], 2, 1));
        AssertRefused(
            "vectors must be [n, 2], n at least 1. Got 3 values. (Parameter 'vectors')",
            () => ProductQuantizer.Train([1, 2, 3], 2, 1));
        AssertRefused(
            "vectors must be finite. Got NaN or infinity in row 1. (Parameter 'vectors')",
            () => ProductQuantizer.Train([1, 2, 3, float.NaN], 2, 1));
    }

    [TestMethod]
    public void Coding_of_what_does_not_fit_is_refused()
    {
        ProductQuantizer quantizer = ProductQuantizer.Train([1, 2, 3, 4], 2, 1);

        AssertRefused(
            "vectors must be [n, 2]. Got 3 values. (Parameter 'vectors')",
            () => quantizer.Encode([1, 2, 3], new byte[1]));
        AssertRefused(
            "codes must be [1, 1] = 1 values long. Got 2. (Parameter 'codes')",
            () => quantizer.Encode([1, 2], new byte[2]));
        AssertRefused(
            "vectors must be finite. Got NaN or infinity in row 0. (Parameter 'vectors')",
            () => quantizer.Encode([1, float.PositiveInfinity], new byte[1]));
        AssertRefused(
            "vectors must be [2, 2] = 4 values long. Got 3. (Parameter 'vectors')",
            () => quantizer.Decode([0, 1], new float[3]));
        AssertRefused(
            "query must be [d] = 2 values long. Got 1. (Parameter 'query')",
            () => quantizer.FillTables([1], Metric.Cosine, new float[256]));
        AssertRefused(
            "query must be finite. Got NaN or infinity in row 0. (Parameter 'query')",
            () => quantizer.FillTables([1, float.NaN], Metric.Cosine, new float[256]));
        AssertRefused(
            "tables must be [1, 256] = 256 values long. Got 255. (Parameter 'tables')",
            () => quantizer.FillTables([1, 2], Metric.Cosine, new float[255]));
        AssertRefused(
            "metric must be a metric. Got 3. (Parameter 'metric')",
            () => quantizer.FillTables([1, 2], (Metric)3, new float[256]));
        ProductQuantizer two = ProductQuantizer.Train([1, 2, 3, 4], 2, 2);
        AssertRefused(
            "codes must be [n, 2]. Got 3 values. (Parameter 'codes')", () => two.Decode([0, 1, 0], new float[3]));
    }

    private static void AssertRefused(string message, Action action)
        => Refusal.Assert<ArgumentException>(message, action);
}
