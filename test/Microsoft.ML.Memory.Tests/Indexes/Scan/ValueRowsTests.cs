// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class ValueRowsTests
{
    private const float Blur = 0.125f;

    [TestMethod]
    [DataRow(Metric.Cosine, 2 * Blur, 0f)]
    [DataRow(Metric.SquaredEuclidean, (9 * Blur) - 1, (9 * Blur) - 9)]
    [DataRow(Metric.InnerProduct, 3 * Blur, 3 * Blur)]
    public void Rows_are_blurred_as_the_longest_of_them(Metric metric, float ofShort, float ofLong)
    {
        (bool isBlurred, float[] offsets) = Describe(metric, [1, 3], [0, 1]);

        Assert.IsTrue(isBlurred);
        Assert.AreEqual(ofShort, offsets[0], 1e-5f);
        Assert.AreEqual(ofLong, offsets[1], 1e-5f);
    }

    [TestMethod]
    [DataRow(4f, true)]
    [DataRow(4.1f, false)]
    [DataRow(0f, false)]
    [DataRow(1e30f, false)]
    public void Rows_are_blurred_together_where_they_are_about_as_long(float length, bool isBlurred)
    {
        foreach (Metric metric in Enum.GetValues<Metric>())
            Assert.AreEqual(isBlurred, Describe(metric, [1, length], [0, 1]).IsBlurred, $"{metric}");
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Removed_rows_blur_others_and_need_not_be_as_long(Metric metric)
    {
        Assert.IsTrue(Describe(metric, [1, 0.01f], [0, -1]).IsBlurred);
        Assert.IsFalse(Describe(metric, [1, 100], [0, -1]).IsBlurred);
    }

    private static (bool IsBlurred, float[] Offsets) Describe(Metric metric, float[] lengths, int[] positions)
    {
        using ScannedRows source = ScannedRows.Whole(metric, 1, lengths);
        using var scratch = new NativeScratch();
        var rows = default(ValueRows);
        fixed (ScanBlock* block = source.Blocks)
        fixed (int* places = positions)
        {
            rows.Reserve(scratch, new ScanRequest(block, 1, metric, 1, null, 1), lengths.Length);
            rows.ScoreByProducts(weight: 1);
            rows.Describe(block, 0, lengths.Length, 0);
            bool isBlurred = rows.TryBlur(Blur, 0, lengths.Length, places);
            return (isBlurred, new ReadOnlySpan<float>(rows.Offsets, lengths.Length).ToArray());
        }
    }
}
