// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

/// <summary>Scans of some of the rows of a snapshot, listed by their positions.</summary>
[TestClass]
public sealed class ListedRowsTests
{
    [TestMethod]
    public void Search_of_listed_rows_equals_brute_force_over_them()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(20_261_123, 7);

        FsCheck.Check.One(config, Prop.ForAll(ScanCase.Arbitrary, EqualsBruteForce));
    }

    private static void EqualsBruteForce(ScanCase scan)
    {
        using ScannedRows rows = scan.MakeRows();
        float[] queries = scan.MakeQueries(rows.Rows);
        int[] members = List(rows, new Random(scan.Seed + 3));
        if (members.Length == 0) return;
        float distance = (float)BruteForce.Search(rows, queries.AsSpan(0, scan.Dimension), 7)
            .Select(hit => hit.Distance).LastOrDefault(1);
        if (!float.IsFinite(distance) || (distance < 0 && scan.Metric != Metric.InnerProduct)) distance = 0;
        var found = new NeighborTable();
        ScanSource Listed() => new(rows.Blocks, members);

        ExactScan.Search(
            Listed(), scan.Metric, scan.Dimension, queries, scan.K, found, scan.Threads, scan.Width);
        BruteForce.AssertEqual(rows, queries, scan.K, found);
        int k = Math.Min(scan.K, members.Length);
        found.Reset(scan.QueryCount, k);
        new FewRows().Search(
            Listed(), scan.Metric, scan.Dimension, queries, k, float.PositiveInfinity, found);
        BruteForce.AssertEqual(rows, queries, scan.K, found);
        foreach (CodeKernel kernel in Enum.GetValues<CodeKernel>().Where(CodeKernels.IsSupported))
        {
            CodeScan.Search(
                Listed(), scan.Metric, scan.Dimension, queries, scan.K, found, scan.Threads, kernel);
            BruteForce.AssertEqual(rows, queries, scan.K, found);
            RangeScan.Search(
                Listed(), scan.Metric, scan.Dimension, queries, distance, found, scan.Threads, scan.Width, kernel);
            BruteForce.AssertWithin(rows, queries, distance, found);
        }

        RangeScan.Search(
            Listed(), scan.Metric, scan.Dimension, queries, distance, found, scan.Threads, scan.Width, codes: null);
        BruteForce.AssertWithin(rows, queries, distance, found);
        found.Reset(scan.QueryCount, members.Length);
        new FewRows().Search(
            Listed(), scan.Metric, scan.Dimension, queries, members.Length, distance, found);
        BruteForce.AssertWithin(rows, queries, distance, found);
    }

    /// <summary>Lists live rows, here and there or many in a row; the others count as removed from then on.</summary>
    private static int[] List(ScannedRows rows, Random random)
    {
        int share = random.Next(1, 101);
        bool isListed = true;
        int run = random.Next(1, 60);
        var members = new List<int>();
        for (int row = 0; row < rows.Count; row++)
        {
            if (random.Next(run) == 0) isListed = random.Next(100) < share;
            if (isListed && !rows.Removed[row]) members.Add(row);
            else rows.Removed[row] = true;
        }

        return [.. members];
    }
}
