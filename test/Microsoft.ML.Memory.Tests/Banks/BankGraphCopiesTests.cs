// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class BankGraphCopiesTests
{
    private const int D = 3;
    private const int Distinct = 27;

    [TestMethod]
    public void Load_follows_a_pile_whose_first_is_gone_and_whose_next_was_held_out()
    {
        const int Equal = 600; // 75 held out, so surely some with others behind them
        var settings = new GraphSettings { BuildCandidateCount = 40 };
        var random = new SeededRandom(1);
        float[] pile = [1, 2, 3];
        var exact = new MemoryBank(D);
        exact.AddRange(Spread(random, 600), new int[600]);
        exact.AddRange([.. Enumerable.Repeat(pile, Equal).SelectMany(row => row)], new int[Equal]);
        var bank = new MemoryBank(BankGraph.Attach(exact.Snapshot(), settings, k: 5, target: 0.5).Memory);
        for (int removed = 600; removed < 1200; removed++)
        {
            bank.Remove(removed);
            if (removed % 50 != 0) continue;
            AssertExact(bank.Snapshot(), pile, new SearchOptions { CandidateCount = 100 });
            AssertExact(Reloaded(bank).Snapshot(), pile, new SearchOptions { CandidateCount = 100 });
        }
    }

    [TestMethod]
    public void Versions_of_a_memory_of_few_vectors_find_what_an_exact_search_finds()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_123, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, seed => EqualsExact(new SeededRandom(seed))));
    }

    private static bool EqualsExact(SeededRandom random)
    {
        var settings = new GraphSettings
        {
            Encoding = (VectorEncoding)random.Next(3),
            LinkCount = 2 + random.Next(6),
            BuildCandidateCount = 1 + random.Next(30),
            ThreadCount = 1 + random.Next(2),
        };
        var bank = new MemoryBank(D, (Metric)random.Next(3));
        var versions = new List<BankSnapshot>();
        for (int step = 0; step < 15; step++)
        {
            int rows = 1 + random.Next(120);
            if (random.Next(3) > 0) bank.AddRange(Few(random, rows), new int[rows]);
            else Remove(random, bank);
            BankSnapshot memory = bank.Snapshot();
            bank = random.Next(8) switch
            {
                0 => new MemoryBank(memory), // goes on beside the versions before
                1 => Reloaded(bank),
                2 when memory.Count > 1 => new MemoryBank(BankGraph.Attach(memory, settings)),
                3 or 4 when memory.Count > 1 => new MemoryBank(BankGraph.Attach(memory, settings, 5, 0.9).Memory),
                _ => bank,
            };
            versions.Add(bank.Snapshot());
            BankSnapshot version = versions[random.Next(versions.Count)];
            if (version.Count == 0) continue;
            long divisor = 1 + random.Next(3);
            Func<long, bool>? filter = divisor == 1 ? null : id => id % divisor == 0;
            AssertExact(version, Few(random, 2), new SearchOptions { CandidateCount = Distinct, Filter = filter });
        }

        return true;
    }

    private static void Remove(SeededRandom random, MemoryBank bank)
    {
        int divisor = 2 + random.Next(5);
        int rest = random.Next(divisor);
        bank.RemoveWhere(entry => entry.Id % divisor == rest);
    }

    private static void AssertExact(BankSnapshot memory, float[] queries, SearchOptions options)
    {
        NeighborTable expected = new(), actual = new();
        foreach (int k in (int[])[1, 20])
        {
            memory.With(null).Search(queries, k, expected, options);
            memory.Search(queries, k, actual, options);
            Neighbors.AssertSame(expected, actual);
        }
    }

    private static MemoryBank Reloaded(MemoryBank bank)
    {
        using var stream = new MemoryStream();
        bank.Save(stream);
        stream.Position = 0;
        return MemoryBank.Load(stream);
    }

    private static float[] Few(SeededRandom random, int rows) =>
        [.. Enumerable.Range(0, rows * D).Select(_ => random.Next(3) - 1f)];

    private static float[] Spread(SeededRandom random, int rows) =>
        [.. Enumerable.Range(0, rows * D).Select(_ => (float)random.NextGaussian())];
}
