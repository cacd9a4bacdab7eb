// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphRepairTests
{
    private const int Rows = 5000;
    private const int Dimension = 32;
    private const int Latent = 24;
    private const int Batch = 250;

    // Of the recall, 0.998 is kept; 0.985 where lists are filled up from neighbours alone and no links lead back.
    private const double Kept = 0.991;

    private static readonly SearchOptions _few = new() { CandidateCount = 16 };

    private static readonly GraphSettings _settings = new()
    {
        LinkCount = 10,
        BuildCandidateCount = 60,
        ThreadCount = 1,
    };

    [TestMethod]
    public void Remove_and_add_of_all_entries_by_turns_keeps_the_recall_near_a_plane()
    {
        float[] rows = NearPlane(Rows, seed: 1);
        float[] queries = NearPlane(2000, seed: 2);
        GraphIndex index = Build(rows);
        double before = Recall(index, rows, queries);

        Replace(index, rows, remainder: 0);
        Replace(index, rows, remainder: 1);

        Assert.AreEqual(Rows, index.Count);
        Assert.IsGreaterThanOrEqualTo(Kept * before, Recall(index, rows, queries));
    }

    [TestMethod]
    public void Remove_and_add_of_half_the_entries_keeps_links_in_number_and_both_ways()
    {
        float[] rows = NearPlane(Rows, seed: 1);
        GraphIndex index = Build(rows);
        (double links, double mutual) = CountLinks(index);

        Replace(index, rows, remainder: 0);

        (double linksNow, double mutualNow) = CountLinks(index);
        Assert.AreEqual(links, linksNow, 0.05 * links);
        Assert.IsGreaterThanOrEqualTo(mutual, mutualNow);
    }

    [TestMethod]
    public void Remove_of_an_entry_that_all_link_to_leaves_most_reachable()
    {
        float[] rows = OnSphere(2000);
        float[] queries = OnSphere(200);
        var index = new GraphIndex(Dimension, Metric.SquaredEuclidean, new GraphSettings { ThreadCount = 1 });
        index.Add([-1], new float[Dimension]);
        index.Add(Ids(2000), rows);
        double before = Recall(index, rows, queries, new SearchOptions { CandidateCount = 64 });

        index.Remove([-1]);

        double after = Recall(index, rows, queries, new SearchOptions { CandidateCount = 64 });
        Assert.IsGreaterThanOrEqualTo(before, after);
        Assert.IsGreaterThanOrEqualTo(0.85, after); // 0.9; without links back 0.71
    }

    private static GraphIndex Build(float[] rows)
    {
        var index = new GraphIndex(Dimension, Metric.SquaredEuclidean, _settings);
        index.Add(Ids(rows.Length / Dimension), rows);
        return index;
    }

    private static void Replace(GraphIndex index, float[] rows, int remainder)
    {
        foreach (long[] ids in Ids(Rows).Where(id => id % 2 == remainder).Chunk(Batch))
        {
            index.Remove(ids);
            index.Add(ids, [.. ids.SelectMany(id => rows[((int)id * Dimension)..(((int)id + 1) * Dimension)])]);
        }
    }

    private static double Recall(GraphIndex index, float[] rows, float[] queries, SearchOptions? options = null)
    {
        const int K = 10;
        var exact = new FlatIndex(Dimension, Metric.SquaredEuclidean);
        exact.Add(Ids(rows.Length / Dimension), rows);
        var found = new NeighborTable();
        var truth = new NeighborTable();
        index.Search(queries, K, found, options ?? _few);
        exact.Search(queries, K, truth);
        int hits = 0;
        for (int query = 0; query < truth.QueryCount; query++)
            hits += found.IdsOf(query).ToArray().Intersect(truth.IdsOf(query).ToArray()).Count();
        return (double)hits / (truth.QueryCount * K);
    }

    /// <summary>
    /// Gives the links of an entry on the lowest layer, on average, and the share of them that lead both ways.
    /// </summary>
    private static (double Links, double Mutual) CountLinks(GraphIndex index)
    {
        using var stream = new MemoryStream(GraphFileTests.Saved(index));
        var reader = new SectionReader(stream);
        (GraphHead head, GraphFile file) = GraphFormat.ReadHead(reader);
        var codec = RowCodec.Create(file.Settings.Encoding, head.Metric, head.Dimension, ScanWidths.Best);
        var nodes = new GraphNodes(codec, file.Settings.LinkCount);
        GraphFormat.ReadEntries(reader, head, file, nodes, null);
        int[][] lists = [.. Enumerable.Range(0, head.Count).Select(slot =>
        {
            int[] links = new int[nodes.CountLinks(slot, 0)];
            nodes.CopyLinks(slot, 0, links);
            return links;
        })];
        double links = lists.Sum(list => list.Length);
        int mutual = lists.Index().Sum(entry => entry.Item.Count(target => lists[target].Contains(entry.Index)));
        return (links / head.Count, mutual / links);
    }

    private static long[] Ids(int count) => [.. Enumerable.Range(0, count).Select(id => (long)id)];

    private static float[] NearPlane(int count, long seed)
    {
        float[] directions = Normal(Latent * Dimension, seed: 7);
        float[] places = Normal(count * Latent, seed);
        float[] noise = Normal(count * Dimension, seed + 100);
        float[] values = new float[count * Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, Dimension);
            values[i] = 0.1f * noise[i];
            for (int axis = 0; axis < Latent; axis++)
                values[i] += places[(row * Latent) + axis] * directions[(axis * Dimension) + column];
        }

        return values;
    }

    private static float[] OnSphere(int count)
    {
        float[] values = Normal(count * Dimension, seed: count);
        for (int row = 0; row < count; row++)
        {
            Span<float> value = values.AsSpan(row * Dimension, Dimension);
            float square = 0;
            foreach (float x in value) square += x * x;
            foreach (ref float x in value) x /= MathF.Sqrt(square);
        }

        return values;
    }

    private static float[] Normal(int count, long seed)
    {
        var random = new SeededRandom(seed);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan()) value = (float)random.NextGaussian();
        return values;
    }
}
