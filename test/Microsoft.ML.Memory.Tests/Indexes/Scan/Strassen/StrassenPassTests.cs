// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class StrassenPassTests
{
    [TestMethod]
    [DataRow(256, 128, true)]
    [DataRow(300, 2048, true)]
    [DataRow(224, 768, false)]
    [DataRow(256, 126, false)]
    [DataRow(256, 769, false)]
    [DataRow(256, 2050, false)]
    public void PassOf_multiplies_in_pairs_where_it_pays(int queries, int dimension, bool isPaired)
    {
        using ScannedRows rows = ScannedRows.Whole(Metric.Cosine, dimension, new float[30 * dimension]);
        fixed (ScanBlock* block = rows.Blocks)
        {
            var scan = new ScanRequest(block, 1, Metric.Cosine, dimension, null, 1);
            Assert.AreEqual(isPaired, IsPaired<Tile128>(scan, queries));
            Assert.AreEqual(isPaired, IsPaired<Tile256>(scan, queries));
            Assert.AreEqual(isPaired, IsPaired<Tile512>(scan, queries));
        }
    }

    [TestMethod]
    public void Search_random_shapes_equals_brute_force_in_double()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(80).WithReplay(20_261_122, 5);

        FsCheck.Check.One(config, Prop.ForAll(ScanCase.OfPairs, given =>
        {
            using ScannedRows rows = given.MakeRows();
            float[] queries = given.MakeQueries(rows.Rows);
            var found = new NeighborTable();

            rows.Search(queries, given.K, found, given.Threads, given.Width);

            BruteForce.AssertEqual(rows, queries, given.K, found);
        }));
    }

    [TestMethod]
    [DataRow(Metric.Cosine, 256)]
    [DataRow(Metric.SquaredEuclidean, 768)]
    [DataRow(Metric.InnerProduct, 2048)]
    public void Search_random_vectors_certifies_every_query_and_compares_few(Metric metric, int dimension)
    {
        const int Queries = 320, K = 20;
        using ScannedRows rows = ScannedRows.Whole(metric, dimension, Random(3000 * dimension, seed: 1));
        var found = new NeighborTable();

        int scannedTwice = rows.Search(Random(Queries * dimension, seed: 2), K, found, threads: 2);

        Assert.AreEqual(0, scannedTwice);
        Assert.IsLessThan(Queries * (K + 4), found.RescoredCount);
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_beside_long_rows_certifies_every_query(Metric metric)
    {
        const int D = 256, Queries = 256;
        float[] values = Random(2000 * D, seed: 3);
        for (int row = 0; row < 2000; row += 100)
        {
            for (int i = 0; i < D; i++) values[(row * D) + i] *= 1e6f;
        }

        using ScannedRows rows = ScannedRows.Whole(metric, D, values);
        float[] queries = Random(Queries * D, seed: 4);
        var found = new NeighborTable();

        int scannedTwice = rows.Search(queries, 10, found);

        Assert.AreEqual(0, scannedTwice);
        BruteForce.AssertEqual(rows, queries, 10, found);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void No_row_is_nearer_than_its_score_says_nor_much_farther(Metric metric)
    {
        foreach (float ratio in (float[])[1, 3.9f, 1e3f]) // of lengths: alike, multiplied together still, and not
        {
            AssertScores<Tile128>(metric, ratio);
            AssertScores<Tile256>(metric, ratio);
            AssertScores<Tile512>(metric, ratio);
        }
    }

    [TestMethod]
    public void A_query_is_blurred_by_a_longer_one_that_it_is_multiplied_together_with()
    {
        const int D = 128, Queries = 256;
        float[] queries = [.. Enumerable.Repeat(1f, Queries * D)];
        queries.AsSpan(Tile256.Queries * D, D).Fill(2); // the first one of the second panel
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, D, Random(30 * D, seed: 7));
        using var scratch = new NativeScratch();
        fixed (ScanBlock* block = rows.Blocks)
        fixed (float* q = queries)
        {
            var scan = new ScanRequest(block, 1, rows.Metric, D, q, 1);
            (ScanWave wave, ScanPass pass) = Make<Tile256>(scratch, scan, Queries);
            wave.Open(Queries, isExact: false, isByDifferences: false, weight: 1);
            for (int place = 0; place < wave.Capacity; place++) Put(wave, scan, place);
            pass.Rewind();
            pass.Work(0);

            double beside = pass.BoundOf(0, D).LeastDistance(0), alone = pass.BoundOf(1, D).LeastDistance(0);

            Assert.IsLessThan(alone, beside);
            wave.Open(Queries, isExact: true, isByDifferences: false, weight: 1);
            Assert.AreEqual(
                pass.BoundOf(1, D).LeastDistance(0), pass.BoundOf(0, D).LeastDistance(0), "rows one by one");
        }
    }

    /// <summary>Holds the float scores of all rows against their distances.</summary>
    private static void AssertScores<TTile>(Metric metric, float ratio) where TTile : struct, IScoreTile
    {
        const int D = 256, Queries = 288, Rows = 60;
        float[] values = Lengthen(Random(Rows * D, seed: 5), D, ratio);
        float[] queries = Lengthen(Random(Queries * D, seed: 6), D, ratio);
        using ScannedRows rows = ScannedRows.Whole(metric, D, values);
        using var scratch = new NativeScratch();
        fixed (ScanBlock* block = rows.Blocks)
        fixed (float* q = queries)
        {
            var scan = new ScanRequest(block, 1, metric, D, q, Rows);
            (ScanWave wave, ScanPass pass) = Make<TTile>(scratch, scan, Queries);
            wave.Open(Queries, isExact: false, isByDifferences: false, weight: 1);
            for (int place = 0; place < wave.Capacity; place++) Put(wave, scan, place);
            for (int panel = 0; (panel + 2) * TTile.Queries <= wave.Capacity; panel += 2) pass.Open(panel);
            pass.Rewind();
            pass.Work(0);

            for (int place = 0; place < Queries; place++)
            {
                double square = wave.Square(place);
                ScanBound bound = pass.BoundOf(place, square);
                Assert.AreEqual(Rows, wave.Candidates[0].CountOf(place));
                for (int i = 0; i < Rows; i++)
                {
                    float* row = scan.Row(wave.Candidates[0].PositionsOf(place)[i]);
                    double distance = PairDistance.Of(metric, scan.Query(place), square, row, D);
                    double least = bound.LeastDistance(wave.Candidates[0].ScoresOf(place)[i]);
                    Assert.IsLessThanOrEqualTo(distance, least);
                    Assert.IsLessThan(Slack(metric, square, ratio), distance - least);
                }
            }
        }
    }

    /// <summary>Gives a little more than bounds of 256 values leave, as a multiple of the longest norms.</summary>
    private static double Slack(Metric metric, double square, float ratio) => 1e-3 * metric switch
    {
        Metric.Cosine => Math.Min(ratio, 4),
        Metric.SquaredEuclidean => 4 * 128 * ratio * ratio,
        _ => Math.Sqrt(square * 128) * ratio,
    };

    private static void Put(ScanWave wave, in ScanRequest scan, int place)
    {
        if (place < wave.Count)
        {
            double square = PairDistance.SquaredNorm(scan.Query(place), scan.Dimension);
            wave.Put(place, place, square, float.NegativeInfinity, isPacked: true);
        }
        else
        {
            wave.Put(place, 0, 0, float.PositiveInfinity, isPacked: false);
        }
    }

    private static bool IsPaired<TTile>(in ScanRequest scan, int queries) where TTile : struct, IScoreTile
    {
        using var scratch = new NativeScratch();
        return Make<TTile>(scratch, scan, queries).Pass is not TilePass<TTile> pass
            || pass.GetType() != typeof(TilePass<TTile>);
    }

    private static (ScanWave Wave, ScanPass Pass) Make<TTile>(NativeScratch scratch, in ScanRequest scan, int queries)
        where TTile : struct, IScoreTile
    {
        WavePlan plan = ScanWave.PlanOf(scan, queries, TTile.Queries, threadCount: 1);
        var wave = new ScanWave(scratch, scan, plan, TTile.Queries, TTile.IsInterleaved);
        return (wave, TTile.PassOf(scratch, scan, wave));
    }

    /// <summary>Makes every third row longer.</summary>
    private static float[] Lengthen(float[] values, int dimension, float by)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (i / dimension % 3 == 0) values[i] *= by;
        }

        return values;
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
