// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed class QuantizedPropertyTests
{
    [TestMethod]
    public void Edits_and_reloads_equal_those_of_an_exact_index_where_all_vectors_are_ranked_again()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20_261_121, 9);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsExact));
    }

    private static bool EqualsExact(int seed)
    {
        var random = new SeededRandom(seed);
        var metric = (Metric)random.Next(3);
        int dimension = 1 + random.Next(6);
        var index = new QuantizedIndex(dimension, metric, new QuantizedSettings
        {
            SubspaceCount = 1 + random.Next(dimension),
            TrainingCount = 1 + random.Next(80),
            Iterations = 1 + random.Next(3),
            CandidateFactor = 1 + random.Next(3),
            Seed = seed,
        });
        var exact = new FlatIndex(dimension, metric);
        var ids = new List<long>();
        float[] queries = Points(random, 4 * dimension);
        for (int step = 0; step < 20; step++)
        {
            Edit(random, index, exact, ids);
            if (random.Next(5) == 0) index = QuantizedIndex.Load(new MemoryStream(QuantizedRows.Save(index)));
            string what = $"seed {seed}, step {step}";
            ClusteredRows.AssertSame(exact, index, queries, 1 + random.Next(30), what);
            AssertNoneIsNearerThanSaid(exact, index, queries, what);
        }

        return true;
    }

    /// <summary>What few candidates give is never nearer than the exact neighbour of the same rank.</summary>
    private static void AssertNoneIsNearerThanSaid(
        FlatIndex exact, QuantizedIndex index, float[] queries, string what)
    {
        NeighborTable expected = new(), found = new();
        exact.Search(queries, 3, expected);
        index.Search(queries, 3, found);
        for (int query = 0; query < expected.QueryCount; query++)
        {
            Assert.AreEqual(expected.CountOf(query), found.CountOf(query), what);
            for (int rank = 0; rank < found.CountOf(query); rank++)
                Assert.IsTrue(found.DistancesOf(query)[rank] >= expected.DistancesOf(query)[rank], what);
        }
    }

    private static void Edit(SeededRandom random, QuantizedIndex index, FlatIndex exact, List<long> ids)
    {
        int count = random.Next(40);
        if (random.Next(3) == 0)
        {
            long[] gone = [.. ids.OrderBy(_ => random.NextBits()).Take(count)];
            index.Remove(gone);
            exact.Remove(gone);
            ids.RemoveAll(gone.Contains);
            return;
        }

        long[] added = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(900) - 200).Distinct().Except(ids)];
        float[] vectors = Points(random, added.Length * index.Dimension);
        index.Add(added, vectors);
        exact.Add(added, vectors);
        ids.AddRange(added);
    }

    /// <summary>Points of a coarse grid, so that many are equal.</summary>
    private static float[] Points(SeededRandom random, int count)
        => [.. Enumerable.Range(0, count).Select(_ => (float)(random.Next(5) - 2))];
}
