// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed class ClusteredPropertyTests
{
    [TestMethod]
    public void Edits_compactions_and_reopenings_equal_those_of_an_exact_index()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20_261_121, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsExact));
    }

    private static bool EqualsExact(int seed)
    {
        using var folder = new IndexFolder();
        var random = new SeededRandom(seed);
        var metric = (Metric)random.Next(3);
        string path = folder.NewPath();
        var settings = new ClusteredSettings
        {
            ListLength = 1 + random.Next(6),
            ReplicaCount = 1 + random.Next(8),
            AddedCount = 1 + random.Next(40),
            MemoryBytes = 16 << 20,
            FlushEachChange = random.Next(2) == 0,
            Seed = seed,
        };
        ClusteredIndex index = ClusteredIndex.Create(path, 3, metric, settings);
        var exact = new FlatIndex(3, metric);
        var ids = new List<long>();
        float[] queries = Points(random, 4);
        for (int step = 0; step < 25; step++)
        {
            Edit(random, index, exact, ids);
            if (random.Next(6) == 0) index.Compact();
            if (random.Next(6) == 0)
            {
                index.Dispose();
                index = ClusteredIndex.Open(path);
            }

            ClusteredRows.AssertSame(exact, index, queries, 1 + random.Next(30), $"seed {seed}, step {step}");
        }

        index.Dispose();
        return true;
    }

    private static void Edit(SeededRandom random, ClusteredIndex index, FlatIndex exact, List<long> ids)
    {
        int count = random.Next(12);
        if (random.Next(3) == 0)
        {
            long[] gone = [.. ids.OrderBy(_ => random.NextBits()).Take(count)];
            index.Remove(gone);
            exact.Remove(gone);
            ids.RemoveAll(gone.Contains);
            return;
        }

        long[] added = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(400) - 200).Distinct().Except(ids)];
        float[] vectors = Points(random, added.Length);
        index.Add(added, vectors);
        exact.Add(added, vectors);
        ids.AddRange(added);
    }

    /// <summary>Points of a coarse grid, so that many are equal.</summary>
    private static float[] Points(SeededRandom random, int count)
        => [.. Enumerable.Range(0, count * 3).Select(_ => (float)(random.Next(5) - 2))];
}
