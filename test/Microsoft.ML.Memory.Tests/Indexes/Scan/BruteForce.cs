// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

/// <summary>
/// The search's answer by definition: every distance in double, lane by lane in plain loops, then a full sort.
/// </summary>
internal static class BruteForce
{
    public static (int Position, double Distance)[] Search(ScannedRows rows, ReadOnlySpan<float> query, int k)
    {
        foreach (float value in query)
        {
            if (!float.IsFinite(value)) return [];
        }

        var all = new List<(int Position, double Distance)>();
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows.Removed[row]) continue;
            ReadOnlySpan<float> values = rows.Rows.AsSpan(row * rows.Dimension, rows.Dimension);
            all.Add((row, Distance(rows.Metric, query, values)));
        }

        return [.. all.OrderBy(hit => hit.Distance).ThenBy(hit => hit.Position).Take(k)];
    }

    public static double Distance(Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (metric == Metric.InnerProduct) return 0 - Sum(a, b, (x, y) => x * y);
        if (metric == Metric.SquaredEuclidean) return Sum(a, b, (x, y) => (x - y) * (x - y));
        double aa = Sum(a, a, (x, y) => x * y), bb = Sum(b, b, (x, y) => x * y);
        if (aa == 0 || bb == 0) return 1;
        return Math.Min(Math.Max(1 - Sum(a, b, (x, y) => x * y) / Math.Sqrt(aa * bb), 0), 2);
    }

    public static void AssertEqual(ScannedRows rows, float[] queries, int k, NeighborTable found) =>
        AssertEqual(rows, queries, found, query => Search(rows, query, k));

    public static void AssertWithin(ScannedRows rows, float[] queries, float largestDistance, NeighborTable found) =>
        AssertEqual(rows, queries, found, query =>
            [.. Search(rows, query, rows.Count).Where(hit => (float)hit.Distance <= largestDistance)]);

    private static void AssertEqual(
        ScannedRows rows,
        float[] queries,
        NeighborTable found,
        Func<float[], (int Position, double Distance)[]> search)
    {
        int d = rows.Dimension;
        Assert.AreEqual(queries.Length / d, found.QueryCount);
        for (int query = 0; query < found.QueryCount; query++)
        {
            (int Position, double Distance)[] expected = search(queries.AsSpan(query * d, d).ToArray());
            CollectionAssert.AreEqual(
                expected.Select(hit => hit.Position).ToArray(), found.PositionsOf(query).ToArray());
            CollectionAssert.AreEqual(
                expected.Select(hit => ScannedRows.IdOf(hit.Position)).ToArray(), found.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(
                expected.Select(hit => BitConverter.SingleToInt32Bits((float)hit.Distance)).ToArray(),
                found.DistancesOf(query).ToArray().Select(BitConverter.SingleToInt32Bits).ToArray());
        }
    }

    private static double Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Func<double, double, double> of)
    {
        var lane = new double[8];
        for (int i = 0; i < a.Length; i++) lane[i % 8] += of(a[i], b[i]);
        return lane[0] + lane[4] + (lane[2] + lane[6]) + (lane[1] + lane[5] + (lane[3] + lane[7]));
    }
}
