// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class PrincipalMapTests
{
    /// <summary>One rounding to Single of numbers near 10.</summary>
    private const double Rounding = 2e-6;

    [TestMethod]
    public void Three_entries_by_hand()
    {
        EntryMap map = EntryMap.Principal(Memories.Of(Metric.SquaredEuclidean, [3, 0], [-3, 0], [0, 1]));

        // mean (0, 1/3); variances 6 and 2/9
        AssertClose([3, -3, 0], map.X, Rounding);
        AssertClose([-1 / 3.0, -1 / 3.0, 2 / 3.0], map.Y, Rounding);
        Assert.AreEqual(27 / 28.0, map.VarianceShares[0], Approx.Reference);
        Assert.AreEqual(1 / 28.0, map.VarianceShares[1], Approx.Reference);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Planes_are_those_of_a_singular_value_decomposition(int index)
    {
        Plane golden = GoldenFiles.Json<Plane[]>("map/principal.json")[index];

        EntryMap map = EntryMap.Principal(Memories.Of(golden.Metric, golden.Rows));

        AssertClose(golden.X, map.X, Rounding);
        AssertClose(golden.Y, map.Y, Rounding);
        Approx.AssertEqual(golden.Variance, map.VarianceShares.ToArray(), 1e-9, golden.Metric.ToString());
    }

    [TestMethod]
    public void Entries_that_were_removed_have_no_part()
    {
        float[][] keys = Memories.Draw(200, 12, seed: 2);
        var bank = new MemoryBank(12, Metric.SquaredEuclidean);
        foreach (float[] key in keys) bank.Add(key, 0);
        bank.RemoveWhere(entry => entry.Id % 3 == 0);

        EntryMap map = EntryMap.Principal(bank.Snapshot());
        EntryMap expected = EntryMap.Principal(
            Memories.Of(Metric.SquaredEuclidean, [.. keys.Where((_, row) => row % 3 != 0)]));

        CollectionAssert.AreEqual(expected.X.ToArray(), map.X.ToArray());
        CollectionAssert.AreEqual(expected.Y.ToArray(), map.Y.ToArray());
        CollectionAssert.DoesNotContain(map.Ids.ToArray(), 3L);
    }

    [TestMethod]
    public void The_number_of_threads_changes_no_bit()
    {
        BankSnapshot memory = Memories.Of(Metric.Cosine, Memories.Draw(500, 90, seed: 3));

        EntryMap one = EntryMap.Principal(memory, threadCount: 1);
        EntryMap three = EntryMap.Principal(memory, threadCount: 3);

        CollectionAssert.AreEqual(one.X.ToArray(), three.X.ToArray());
        CollectionAssert.AreEqual(one.Y.ToArray(), three.Y.ToArray());
    }

    [TestMethod]
    public void Few_or_equal_entries_are_at_the_centre()
    {
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            Assert.AreEqual(0, EntryMap.Principal(Memories.Of(metric)).Count);
            AssertFlat(EntryMap.Principal(Memories.Of(metric, [1.1f, 2.3f, 3.7f])));
            AssertFlat(EntryMap.Principal(Memories.Of(
                metric, [.. Enumerable.Range(0, 7).Select(_ => new float[] { 1.1f, 2.3f, 3.7f })])));
        }
    }

    [TestMethod]
    public void Two_entries_and_one_dimension_fill_a_line()
    {
        EntryMap two = EntryMap.Principal(Memories.Of(Metric.SquaredEuclidean, [1, 1, 4], [4, 5, 4]));
        EntryMap line = EntryMap.Principal(Memories.Of(Metric.SquaredEuclidean, [1], [2], [6]));

        AssertClose([-2.5, 2.5], two.X, Rounding);
        CollectionAssert.AreEqual(new float[2], two.Y.ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 0 }, two.VarianceShares.ToArray());
        AssertClose([-2, -1, 3], line.X, Rounding);
        CollectionAssert.AreEqual(new float[3], line.Y.ToArray());
    }

    [TestMethod]
    public void Keys_near_the_largest_number_have_finite_places()
    {
        EntryMap map = EntryMap.Principal(Memories.Of(
            Metric.InnerProduct,
            [float.MaxValue, float.MaxValue, float.MaxValue],
            [-float.MaxValue, -float.MaxValue, -float.MaxValue],
            [1, 2, 3]));

        Assert.AreEqual(float.MaxValue, map.X[0]);
        Assert.AreEqual(float.MinValue, map.X[1]);
        Assert.AreEqual(1, map.VarianceShares[0], 1e-6);
    }

    [TestMethod]
    public void A_cancelled_map_and_a_count_of_no_thread_are_refused()
    {
        BankSnapshot memory = Memories.Of(Metric.Cosine, Memories.Draw(5, 2, seed: 1));

        Assert.Throws<OperationCanceledException>(
            () => EntryMap.Principal(memory, cancellationToken: new CancellationToken(canceled: true)));
        Refusal.Assert<ArgumentException>(
            "EntryMap.Principal's threadCount must be at least 1. Got 0. (Parameter 'threads')",
            () => EntryMap.Principal(memory, threadCount: 0));
    }

    private static void AssertFlat(EntryMap map)
    {
        CollectionAssert.AreEqual(new float[map.Count], map.X.ToArray());
        CollectionAssert.AreEqual(new float[map.Count], map.Y.ToArray());
        CollectionAssert.AreEqual(new double[2], map.VarianceShares.ToArray());
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> places, double tolerance)
    {
        Assert.HasCount(expected.Length, places.ToArray());
        for (int row = 0; row < expected.Length; row++)
            Assert.AreEqual(expected[row], places[row], tolerance, $"row {row}");
    }

    private sealed record Plane(string MetricName, float[][] Rows, double[] X, double[] Y, double[] Variance)
    {
        public Metric Metric => Enum.Parse<Metric>(MetricName);
    }
}
