// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class AdaptiveMemoryPropertyTests
{
    [TestMethod]
    public void Stream_in_pieces_by_any_thread_count_and_resumed_equals_the_stream_as_a_whole()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20_261_121, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, PiecesEqualWhole));
    }

    [TestMethod]
    public void Arrival_order_equals_a_list()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20_261_121, 9);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, OrderEqualsList));
    }

    private static bool PiecesEqualWhole(int seed)
    {
        var random = new SeededRandom(seed);
        BankSnapshot source = Streams.Source(20 + random.Next(20), random.Next(1000));
        AdaptationSettings settings = Settings(random, source.Count);
        float[] rows = Streams.Rows(48 * settings.BatchSize, random.Next(1000), random.NextDouble());
        int cut = random.Next(49) * settings.BatchSize * Streams.Dimension;
        var whole = new AdaptiveMemory(source, Streams.ClassCount, settings);
        var start = new AdaptiveMemory(source, Streams.ClassCount, settings);

        string expected = Streams.Describe(whole, rows);
        string first = Streams.Describe(start, rows[..cut], new SearchOptions { ThreadCount = 1 });
        AdaptiveState trained = AdaptiveState.Start(source, Streams.ClassCount, settings.Seed);
        var resumed = new AdaptiveMemory(trained, settings, SavedState.Again(start.Snapshot()));
        string second = Streams.Describe(resumed, rows[cut..], new SearchOptions { ThreadCount = 2 });

        string joined = first.Length == 0 || second.Length == 0 ? first + second : first + "\n" + second;
        return expected == joined && SavedState.Bytes(whole.Snapshot()).SequenceEqual(
            SavedState.Bytes(resumed.Snapshot()));
    }

    private static AdaptationSettings Settings(SeededRandom random, int sourceCount) => new()
    {
        NeighborCount = 1 + random.Next(6),
        ConfidenceThreshold = random.NextDouble(),
        BatchSize = random.Next(3) == 0 ? 8 : 1 + random.Next(4),
        Capacity = sourceCount + random.Next(30),
        Eviction = (EvictionKind)random.Next(7),
        BallSimilarity = random.Next(4) == 0 ? 0.9 : null,
        Seed = random.Next(100),
    };

    private static bool OrderEqualsList(int seed)
    {
        var random = new SeededRandom(seed);
        var order = new ArrivalOrder();
        var list = new List<AdaptiveEntry>();
        for (long id = 0; id < 150; id++)
        {
            if (list.Count > 0 && random.Next(5) < 2)
            {
                AdaptiveEntry leaving = list[random.Next(list.Count)];
                order.Remove(leaving);
                list.Remove(leaving);
            }

            var entry = new AdaptiveEntry(id, 0, EntryOrigin.Adapted, 1, []);
            order.Add(entry);
            list.Add(entry);
            for (int place = 0; place < list.Count; place++)
            {
                if (order[place] != list[place]) return false;
            }
        }

        return order.Count == list.Count;
    }
}
