// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed class ProductQuantizerTests
{
    /// <summary>Up to 8 squares summed in single precision against double, sums up to about 100.</summary>
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void Two_subspaces_by_hand()
    {
        // Codebook of the first two values: (0, 0), (0, 2), then far away; of the last two: (10, 0), (10, 4), far away.
        float[] centroids = new float[4 * ProductQuantizer.CentroidCount];
        Array.Fill(centroids, 1000f);
        (centroids[0], centroids[256], centroids[512], centroids[768]) = (0, 0, 10, 0);
        (centroids[1], centroids[257], centroids[513], centroids[769]) = (0, 2, 10, 4);
        var quantizer = new ProductQuantizer(centroids, 4, 2);
        byte[] codes = new byte[4];
        float[] decoded = new float[8], tables = new float[2 * ProductQuantizer.CentroidCount];

        quantizer.Encode([0, 0.5f, 9, 3, 1, 1.5f, 10, 1], codes);
        quantizer.Decode(codes, decoded);
        quantizer.FillTables([1, 1, 10, 1], Metric.SquaredEuclidean, tables);

        CollectionAssert.AreEqual(new byte[] { 0, 1, 1, 0 }, codes);
        CollectionAssert.AreEqual(new float[] { 0, 0, 10, 4, 0, 2, 10, 0 }, decoded);
        Assert.AreEqual((2f, 2f, 1f, 9f), (tables[0], tables[1], tables[256], tables[257]));
        quantizer.FillTables([1, 1, 10, 1], Metric.InnerProduct, tables);
        Assert.AreEqual((0f, -2f, -100f, -104f), (tables[0], tables[1], tables[256], tables[257]));
    }

    [TestMethod]
    public void What_a_code_stands_for_gets_that_code_though_squares_of_differences_are_too_small_for_a_float()
    {
        float[] centroids = new float[ProductQuantizer.CentroidCount];
        (centroids[0], centroids[1], centroids[2]) = (1, 3e-25f, 1e-25f);
        var quantizer = new ProductQuantizer(centroids, 1, 1);
        byte[] codes = new byte[4];

        quantizer.Encode([1e-25f, 0, 2e-25f, 1], codes);

        CollectionAssert.AreEqual(new byte[] { 2, 3, 1, 0 }, codes);
        Assert.IsFalse(quantizer.TryMatch([2e-25f], codes));
        Assert.IsTrue(quantizer.TryMatch([1e-25f], codes.AsSpan(3)));
        Assert.AreEqual(2, codes[3]);
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, 8, 3)]
    [DataRow(Metric.InnerProduct, 8, 3)]
    [DataRow(Metric.SquaredEuclidean, 7, 7)]
    [DataRow(Metric.InnerProduct, 5, 1)]
    public void Sum_of_table_entries_is_the_distance_to_the_decoded_vector(Metric metric, int dimension, int subspaces)
    {
        float[] rows = QuantizedRows.Gaussians(600, dimension, 1);
        float[] queries = QuantizedRows.Gaussians(20, dimension, 2);
        ProductQuantizer quantizer = ProductQuantizer.Train(rows, dimension, subspaces);
        byte[] codes = new byte[600 * subspaces];
        quantizer.Encode(rows, codes);
        float[] decoded = QuantizedRows.Decoded(quantizer, rows);
        float[] tables = new float[subspaces * ProductQuantizer.CentroidCount];

        for (int query = 0; query < 20; query++)
        {
            ReadOnlySpan<float> vector = queries.AsSpan(query * dimension, dimension);
            quantizer.FillTables(vector, metric, tables);
            for (int row = 0; row < 600; row++)
            {
                double sum = 0;
                for (int subspace = 0; subspace < subspaces; subspace++)
                    sum += tables[(subspace * ProductQuantizer.CentroidCount) + codes[(row * subspaces) + subspace]];
                ReadOnlySpan<float> stands = decoded.AsSpan(row * dimension, dimension);
                Assert.AreEqual(BruteForce.Distance(metric, vector, stands), sum, Tolerance, $"{query}, {row}");
            }
        }
    }

    [TestMethod]
    public void Code_is_the_nearest_centroid_of_each_subspace()
    {
        float[] rows = QuantizedRows.Gaussians(700, 5, 3);
        ProductQuantizer quantizer = ProductQuantizer.Train(rows, 5, 2, iterations: 3);
        byte[] codes = new byte[1400];
        float[] all = new float[ProductQuantizer.CentroidCount * 5];
        quantizer.Encode(rows, codes);
        byte[] each = [.. Enumerable.Range(0, 512).Select(place => (byte)(place / 2))];
        quantizer.Decode(each, all);

        for (int row = 0; row < 700; row++)
        {
            foreach ((int subspace, int start, int length) in ((int, int, int)[])[(0, 0, 3), (1, 3, 2)])
            {
                float[] part = rows.AsSpan((row * 5) + start, length).ToArray();
                double[] distances = [.. Enumerable.Range(0, 256).Select(centroid => BruteForce.Distance(
                    Metric.SquaredEuclidean, part, all.AsSpan((centroid * 5) + start, length)))];
                Assert.AreEqual(distances.Min(), distances[codes[(row * 2) + subspace]], Tolerance, $"{row}");
            }
        }
    }

    [TestMethod]
    public void Error_falls_with_the_length_of_codes()
    {
        float[] rows = new ClusteredRows(2000, 16, Metric.SquaredEuclidean, 4).Vectors;

        double[] errors = [.. ((int[])[1, 2, 4, 8, 16]).Select(
            subspaces => QuantizedRows.Error(ProductQuantizer.Train(rows, 16, subspaces), rows))];

        for (int place = 1; place < errors.Length; place++)
            Assert.IsLessThan(errors[place - 1], errors[place], $"{place}");
    }

    [TestMethod]
    public void Error_falls_with_the_rounds_of_training_and_then_stays()
    {
        float[] rows = QuantizedRows.Gaussians(3000, 4, 5);
        double last = double.PositiveInfinity;
        foreach (int iterations in (int[])[1, 2, 4, 8, 200])
        {
            double error = QuantizedRows.Error(ProductQuantizer.Train(rows, 4, 2, iterations), rows);
            Assert.IsLessThan(last, error, $"{iterations}");
            last = error;
        }

        Assert.AreEqual(last, QuantizedRows.Error(ProductQuantizer.Train(rows, 4, 2, 201), rows));
    }

    [TestMethod]
    public void Trained_to_the_end_each_centroid_is_the_mean_of_its_rows()
    {
        float[] rows = QuantizedRows.Gaussians(2000, 2, 6);
        ProductQuantizer quantizer = ProductQuantizer.Train(rows, 2, 1, iterations: 500);
        byte[] codes = new byte[2000];
        float[] centroids = new float[512];
        quantizer.Encode(rows, codes);
        quantizer.Decode([.. Enumerable.Range(0, 256).Select(centroid => (byte)centroid)], centroids);

        foreach (var cluster in Enumerable.Range(0, 2000).GroupBy(row => codes[row]))
        {
            Assert.AreEqual(cluster.Average(row => (double)rows[2 * row]), centroids[2 * cluster.Key], Approx.Float);
            Assert.AreEqual(
                cluster.Average(row => (double)rows[(2 * row) + 1]), centroids[(2 * cluster.Key) + 1], Approx.Float);
        }

        Assert.HasCount(256, codes.Distinct().ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(255)]
    public void Fewer_rows_than_centroids_are_coded_without_error(int count)
    {
        float[] rows = QuantizedRows.Gaussians(count, 6, 7);

        CollectionAssert.AreEqual(rows, QuantizedRows.Decoded(ProductQuantizer.Train(rows, 6, 3), rows));
    }

    [TestMethod]
    public void Equal_rows_are_coded_alike_and_without_error()
    {
        float[] distinct = QuantizedRows.Gaussians(9, 4, 8);
        float[] rows = [.. Enumerable.Range(0, 3000).SelectMany(row => distinct[(row % 9 * 4)..((row % 9 * 4) + 4)])];
        ProductQuantizer quantizer = ProductQuantizer.Train(rows, 4, 2);
        byte[] codes = new byte[6000];

        quantizer.Encode(rows, codes);

        for (int row = 9; row < 3000; row++)
            CollectionAssert.AreEqual(codes[(row % 9 * 2)..((row % 9 * 2) + 2)], codes[(2 * row)..((2 * row) + 2)]);
        Assert.AreEqual(0, QuantizedRows.Error(quantizer, rows));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(-7.25f)]
    public void Constant_rows_are_coded_without_error(float value)
    {
        float[] rows = new float[4000];
        Array.Fill(rows, value);

        Assert.AreEqual(0, QuantizedRows.Error(ProductQuantizer.Train(rows, 4, 3), rows));
    }

    [TestMethod]
    public void Rare_rows_get_centroids_of_their_own()
    {
        float[] rows = new float[8000];
        for (int rare = 0; rare < 200; rare++) rows[(rare * 20) + 1] = rare + 1;

        Assert.AreEqual(0, QuantizedRows.Error(ProductQuantizer.Train(rows, 2, 1), rows));
    }

    [TestMethod]
    public void Values_at_the_end_of_single_precision_are_coded()
    {
        float[] rows = [float.MaxValue, -float.MaxValue, 1, float.MinValue, float.MaxValue, 0, 0, 3e-3f];

        CollectionAssert.AreEqual(rows, QuantizedRows.Decoded(ProductQuantizer.Train(rows, 1, 1), rows));
    }
}
