// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class GoldenSearchTests
{
    private const int Dimension = 33;
    private const int TableWidth = 64;
    private const float CosineTolerance = 1e-6f; // the reference rounds a float64 distance of its own summation order

    public static IEnumerable<object[]> Cases =>
        from metric in Enum.GetValues<Metric>()
        from k in (int[])[1, 7, TableWidth]
        from bits in (int[])[128, 256, 512]
        select new object[] { metric, k, bits };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_synthetic_set_equals_reference_table(Metric metric, int k, int bits)
    {
        string name = metric switch
        {
            Metric.Cosine => "cosine",
            Metric.SquaredEuclidean => "squaredL2",
            _ => "innerProduct",
        };
        using ScannedRows rows = ScannedRows.Whole(metric, Dimension, Read<float>("rows.bin"));
        var found = new NeighborTable();

        rows.Search(Read<float>("queries.bin"), k, found, threads: 2, (ScanWidth)bits);

        Compare(name, k, found, Read<int>($"{name}.ids.bin"), Read<float>($"{name}.distances.bin"));
    }

    private static void Compare(string name, int k, NeighborTable found, int[] ids, float[] distances)
    {
        HashSet<(int, int)> swappable = Swappable(name);
        float tolerance = name == "cosine" ? CosineTolerance : 0;
        Assert.AreEqual(ids.Length / TableWidth, found.QueryCount);
        for (int query = 0; query < found.QueryCount; query++)
        {
            Assert.AreEqual(k, found.CountOf(query));
            for (int rank = 0; rank < k; rank++)
            {
                float expected = distances[(query * TableWidth) + rank];
                Assert.AreEqual(expected, found.DistancesOf(query)[rank], tolerance, $"query {query}, rank {rank}");
            }

            for (int start = 0, end; start < k; start = end)
            {
                for (end = start + 1; swappable.Contains((query, end - 1));) end++;
                if (end > TableWidth) break; // the last place may hold a neighbour beyond the table
                int[] group = ids[((query * TableWidth) + start)..((query * TableWidth) + end)];
                int[] actual = found.PositionsOf(query)[start..Math.Min(end, k)].ToArray();
                CollectionAssert.IsSubsetOf(actual, group, $"query {query}, ranks {start} to {end - 1}");
                CollectionAssert.AllItemsAreUnique(actual);
            }
        }
    }

    private static HashSet<(int Query, int Rank)> Swappable(string name)
    {
        using JsonDocument tables = JsonDocument.Parse(File.ReadAllText(PathOf("tables.json")));
        JsonElement pairs = tables.RootElement.GetProperty("metrics").GetProperty(name).GetProperty("swappable");
        return [.. pairs.EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))];
    }

    private static T[] Read<T>(string file) where T : struct =>
        MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(PathOf(file))).ToArray();

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", "search", file);
}
