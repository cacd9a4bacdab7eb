// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class RowSpreadTests
{
    private const int Rows = 2000, Queries = 256;

    [TestMethod]
    [DataRow(2, 0f, ScanTerms.Products, false)]
    [DataRow(2, 5f, ScanTerms.Differences, true)]
    [DataRow(64, 0f, ScanTerms.Products, false)]
    [DataRow(64, 3f, ScanTerms.Products, true)]
    [DataRow(64, 30f, ScanTerms.Differences, true)]
    [DataRow(768, 0.8f, ScanTerms.ProductsOfPairs, false)]
    [DataRow(768, 2f, ScanTerms.Products, true)]
    [DataRow(768, 4f, ScanTerms.Differences, true)]
    public void Rows_are_hidden_where_the_origin_is_far(int d, float offset, object terms, bool fromCodes)
    {
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, d, Values(Rows, d, offset));

        Assert.AreEqual(terms, RowSpread.TermsOf(rows.Blocks, rows.Metric, d, Queries));
        Assert.AreEqual(fromCodes, RowSpread.IsHiddenFromCodes(rows.Blocks, rows.Metric, d));
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.InnerProduct)]
    public void Rows_are_hidden_from_pairs_alone_under_other_metrics(Metric metric)
    {
        const int D = 128;
        using ScannedRows near = ScannedRows.Whole(metric, D, Values(Rows, D, 1));
        using ScannedRows rows = ScannedRows.Whole(metric, D, Values(Rows, D, 1000));

        Assert.AreEqual(ScanTerms.ProductsOfPairs, RowSpread.TermsOf(near.Blocks, metric, D, Queries));
        Assert.AreEqual(ScanTerms.Products, RowSpread.TermsOf(near.Blocks, metric, D, Queries - 1));
        Assert.AreEqual(ScanTerms.Products, RowSpread.TermsOf(rows.Blocks, metric, D, Queries));
        Assert.IsFalse(RowSpread.IsHiddenFromCodes(rows.Blocks, metric, D));
    }

    [TestMethod]
    public void A_few_rows_at_the_origin_or_beyond_reason_change_nothing()
    {
        float[] values = Values(Rows, 8, 1000);
        values.AsSpan(0, 8).Clear();
        values.AsSpan(^8).Fill(1e30f);
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, 8, values);

        Assert.AreEqual(ScanTerms.Differences, RowSpread.TermsOf(rows.Blocks, rows.Metric, 8, Queries));
    }

    [TestMethod]
    public void Equal_rows_do_not_count()
    {
        float[] values = [.. Enumerable.Repeat(1f, Rows * 8)];
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, 8, values);

        Assert.AreEqual(ScanTerms.Products, RowSpread.TermsOf(rows.Blocks, rows.Metric, 8, Queries));
    }

    [TestMethod]
    [DataRow(127, ScanTerms.Products)]
    [DataRow(128, ScanTerms.Differences)]
    public void Few_rows_are_not_looked_at(int count, object terms)
    {
        using var rows = new ScannedRows(
            Metric.SquaredEuclidean, 8, Values(count, 8, 1000), [0, 1, count - 1, 0], row => row % 2 == 0);

        Assert.AreEqual(terms, RowSpread.TermsOf(rows.Blocks, rows.Metric, 8, Queries));
    }

    [TestMethod]
    public void Listed_rows_alone_are_looked_at()
    {
        float[] values = [.. Values(Rows, 8, 0), .. Values(Rows, 8, 1000)];
        using var rows = new ScannedRows(Metric.SquaredEuclidean, 8, values, [Rows - 5, Rows + 5]);
        int[] near = [.. Enumerable.Range(0, Rows)], far = [.. Enumerable.Range(Rows, Rows)];

        ScanTerms ofNear = RowSpread.TermsOf(new ScanSource(rows.Blocks, near), rows.Metric, 8, Queries);
        ScanTerms ofFar = RowSpread.TermsOf(new ScanSource(rows.Blocks, far), rows.Metric, 8, Queries);

        Assert.AreEqual((ScanTerms.Products, ScanTerms.Differences), (ofNear, ofFar));
    }

    private static float[] Values(int count, int d, float offset)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count * d).Select(_ => offset + random.NextSingle() - 0.5f)];
    }
}
