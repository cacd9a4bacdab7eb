// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed unsafe class RowCentreTests
{
    private const int Count = 400;

    [TestMethod]
    public void Choose_takes_the_mean_of_the_middle_half_of_256_rows_evenly_spread()
    {
        float[] rows = [.. Enumerable.Range(0, 512).SelectMany(row => (float[])[1000 + (row / 2 % 7), -500])];

        RowCentre? centre = Choose(Metric.SquaredEuclidean, rows, 2);

        double[] chosen = [.. Enumerable.Range(0, 256).Select(row => 1000.0 + (row % 7)).Order()];
        CollectionAssert.AreEqual(new float[] { (float)chosen[64..192].Average(), -500 }, centre!.Values.ToArray());
    }

    [TestMethod]
    public void Choose_by_the_cosine_is_at_the_direction_that_rows_share_whatever_their_lengths()
    {
        float[] rows = Rows(2, (row, noise) => (float[])[(300 + noise) * (1 + row), (400 - noise) * (1 + row)]);

        RowCentre? centre = Choose(Metric.Cosine, rows, 2);

        Assert.AreEqual(0.6 * Math.Sqrt(0.5), centre!.Values[0], 1e-3);
        Assert.AreEqual(0.8 * Math.Sqrt(0.5), centre.Values[1], 1e-3);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Choose_is_the_origin_of_rows_around_it(Metric metric) =>
        Assert.IsNull(Choose(metric, Rows(3, (_, noise) => (float[])[noise, 0.1f - noise, 1 - (noise * noise)]), 3));

    [TestMethod]
    public void Choose_is_the_origin_of_rows_that_are_mostly_zero() => Assert.IsNull(
        Choose(Metric.SquaredEuclidean, Rows(3, (row, _) => row % 3 == 0 ? (float[])[100, 101, 99] : [0, 0, 0]), 3));

    [TestMethod]
    public void Choose_is_the_origin_where_most_rows_are_one_and_the_others_are_elsewhere() => Assert.IsNull(
        Choose(Metric.SquaredEuclidean, Rows(2, (row, noise) => row % 5 > 0 ? (float[])[255, 255] : [noise, 1]), 2));

    [TestMethod]
    public void Choose_is_the_origin_of_one_vector() =>
        Assert.IsNull(Choose(Metric.SquaredEuclidean, Rows(2, (_, _) => (float[])[1000, 1000]), 2));

    [TestMethod]
    public void Choose_is_no_further_off_for_rows_far_away()
    {
        float[] rows = Rows(2, (row, noise) => row % 10 == 0 ? (float[])[1e12f, -1e12f] : [100 + noise, 200 - noise]);

        RowCentre? centre = Choose(Metric.InnerProduct, rows, 2);

        Assert.AreEqual(100, centre!.Values[0], 1.5);
        Assert.AreEqual(200, centre.Values[1], 1.5);
    }

    [TestMethod]
    public void Choose_by_inner_product_is_the_mean_moved_back_by_a_third_of_the_distances_from_it()
    {
        float[] rows = [.. Enumerable.Range(0, 256).SelectMany(row => row % 2 == 0 ? (float[])[6, 11] : [6, 5])];

        RowCentre? centre = Choose(Metric.InnerProduct, rows, 2); // all 3 from (6, 8), which is 10 long

        Assert.AreEqual(5.4f, centre!.Values[0], 1e-6f);
        Assert.AreEqual(7.2f, centre.Values[1], 1e-6f);
    }

    [TestMethod]
    public void Choose_by_inner_product_is_the_origin_less_than_a_third_of_the_distances_away()
    {
        float[] rows = [.. Enumerable.Range(0, 256).SelectMany(row => row % 2 == 0 ? (float[])[6, 39] : [6, -23])];

        Assert.IsNull(Choose(Metric.InnerProduct, rows, 2));
    }

    [TestMethod]
    public void Choose_by_inner_product_is_the_origin_of_rows_that_are_zero() =>
        Assert.IsNull(Choose(Metric.InnerProduct, new float[2 * Count], 2));

    [TestMethod]
    public void Choose_is_the_origin_where_float_does_not_reach() =>
        Assert.IsNull(Choose(Metric.SquaredEuclidean, Rows(2, (_, noise) => (float[])[1e30f, 1e28f * noise]), 2));

    private static float[] Rows(int dimension, Func<int, float, float[]> make)
    {
        var random = new SeededRandom(8);
        float[] rows = [.. Enumerable.Range(0, Count).SelectMany(row => make(row, (float)random.NextGaussian()))];
        Assert.HasCount(Count * dimension, rows);
        return rows;
    }

    private static RowCentre? Choose(Metric metric, float[] rows, int dimension)
    {
        var handle = GCHandle.Alloc(rows, GCHandleType.Pinned);
        try
        {
            var first = (float*)handle.AddrOfPinnedObject();
            nint[] places = new nint[rows.Length / dimension];
            for (int row = 0; row < places.Length; row++) places[row] = (nint)(first + (row * dimension));
            return RowCentre.Choose(metric, dimension, places);
        }
        finally
        {
            handle.Free();
        }
    }
}
