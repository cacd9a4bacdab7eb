// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Reliability;

[TestClass]
public sealed class EntryReliabilityPropertyTests
{
    private const int Dimension = 3;

    [TestMethod]
    public void Counts_equal_a_plain_sort_whatever_was_removed()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20_261_121, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsSort));
    }

    private static bool EqualsSort(int seed)
    {
        var random = new SeededRandom(seed);
        var bank = new MemoryBank(Dimension, Metric.SquaredEuclidean);
        int count = random.Next(40);
        var keys = new Dictionary<long, float[]>();
        for (int row = 0; row < count; row++)
        {
            float[] key = [random.Next(4), random.Next(4), random.Next(4)];
            keys.Add(bank.Add(key, random.Next(3)), key);
        }

        bank.RemoveWhere(entry => entry.Id % 5 == 1);
        BankSnapshot memory = bank.Snapshot();
        int k = 1 + random.Next(45);
        EntryReliability counts = EntryReliability.Of(memory, k);
        Entry[] entries = [.. memory.Entries];
        var wrong = new Dictionary<long, int>();
        var correct = new Dictionary<long, int>();
        foreach (Entry own in entries)
        {
            IEnumerable<Entry> nearest = entries
                .Where(other => other.Id != own.Id)
                .OrderBy(other => Distance(keys[own.Id], keys[other.Id]))
                .ThenBy(other => other.Sequence)
                .Take(k);
            foreach (Entry other in nearest)
            {
                Dictionary<long, int> counted = other.Label == own.Label ? correct : wrong;
                counted[other.Id] = counted.GetValueOrDefault(other.Id) + 1;
            }
        }

        foreach (Entry entry in entries)
        {
            Assert.AreEqual(wrong.GetValueOrDefault(entry.Id), counts.WrongOf(entry.Position), $"seed {seed}");
            Assert.AreEqual(correct.GetValueOrDefault(entry.Id), counts.CorrectOf(entry.Position), $"seed {seed}");
        }

        return true;
    }

    private static float Distance(float[] a, float[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
}
