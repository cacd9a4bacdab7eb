// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class GraphRecallTests
{
    private const int K = 5;
    private const double Target = 0.95;

    private static readonly GraphSettings _settings = new()
    {
        Encoding = VectorEncoding.SignedByte,
        LinkCount = 6,
        BuildCandidateCount = 40,
        SearchCandidateCount = 8,
    };

    [TestMethod]
    public void Attach_to_clusters_keeps_the_number_of_candidates()
    {
        var random = new Random(41);
        float[] centers = Uniform(random, 400, 16);
        float[] values = Uniform(random, 4000, 16);
        for (int i = 0; i < values.Length; i++) values[i] = (values[i] * 0.02f) + centers[i % centers.Length];
        GraphSettings settings = _settings with { SearchCandidateCount = 24 };

        (BankSnapshot memory, GraphRecall recall) = BankGraph.Attach(Bank(values, 16), settings, K, Target);

        Assert.IsGreaterThanOrEqualTo(Target, recall.Share);
        Assert.AreEqual(new GraphRecall(recall.Share, 24, K, 250), recall);
        Assert.AreEqual(settings, memory.Graph!.Settings);
        Assert.IsTrue(memory.Graph.IsCurrent(memory));
    }

    [TestMethod]
    public void Attach_doubles_the_candidates_until_new_rows_find_enough()
    {
        var random = new Random(42);
        BankSnapshot exact = Bank(Uniform(random, 8000, 12), 12);
        float[] queries = Uniform(random, 500, 12);

        (BankSnapshot memory, GraphRecall recall) = BankGraph.Attach(exact, _settings, K, Target);

        Assert.IsTrue(recall.CandidateCount is 16 or 32 or 64 && recall.Share >= Target, $"{recall}");
        Assert.AreEqual(recall.CandidateCount, memory.Graph!.Settings.SearchCandidateCount);
        Assert.IsGreaterThanOrEqualTo(Target - 0.02, ShareFound(memory, queries));
        Assert.IsLessThan(Target - 0.05, ShareFound(memory, queries, _settings.SearchCandidateCount));
    }

    [TestMethod]
    public void Attach_ends_where_more_candidates_cost_as_much_as_all_entries()
    {
        BankSnapshot noise = Bank(Uniform(new Random(43), 2500, 1024), 1024);

        (BankSnapshot memory, GraphRecall recall) = BankGraph.Attach(noise, _settings, K, Target);

        Assert.AreEqual(16, recall.CandidateCount);
        Assert.AreEqual(19, RecallSample.WidestFor(noise.Count));
        Assert.IsLessThan(0.5, recall.Share);
        Assert.AreEqual(16, memory.Graph!.Settings.SearchCandidateCount);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Share_is_that_of_new_rows_and_not_of_entries(bool isRenewed)
    {
        var random = new Random(44);
        float[] values = Uniform(random, 3000, 64);
        float[] queries = Uniform(random, 1000, 64);
        BankSnapshot memory = isRenewed ? Renewed(values) : Bank(values, 64);

        (memory, GraphRecall recall) = BankGraph.Attach(memory, _settings, K, 0.01);

        double fresh = ShareFound(memory, queries);
        double own = ShareFound(memory, values.AsSpan(0, queries.Length).ToArray());
        Assert.AreEqual(fresh, recall.Share, 0.06, $"{recall}");
        Assert.IsGreaterThan(fresh + 0.15, own);
    }

    [TestMethod]
    public void Attach_again_measures_again_from_the_settings_on()
    {
        float[] values = Uniform(new Random(45), 4000, 12);
        (BankSnapshot first, GraphRecall wide) = BankGraph.Attach(Bank(values, 12), _settings, K, Target);
        var bank = new MemoryBank(first);
        bank.RemoveWhere(entry => entry.Id % 5 != 0);

        (BankSnapshot second, GraphRecall narrow) = BankGraph.Attach(bank.Snapshot(), _settings, K, 0.5);

        Assert.IsGreaterThan(8, wide.CandidateCount);
        Assert.AreEqual(8, narrow.CandidateCount);
        Assert.AreEqual(_settings, second.Graph!.Settings);
        Assert.IsTrue(second.Graph.IsCurrent(second));
        Assert.AreEqual(wide.CandidateCount, first.Graph!.Settings.SearchCandidateCount);
    }

    [TestMethod]
    public void Attach_does_not_depend_on_the_number_of_threads()
    {
        BankSnapshot memory = Bank(Uniform(new Random(46), 1500, 12), 12);

        byte[][] saved = Array.ConvertAll([1, 3], threads => Saved(
            BankGraph.Attach(memory, _settings with { ThreadCount = threads }, K, Target).Memory));

        CollectionAssert.AreEqual(saved[0], saved[1]);
    }

    [TestMethod]
    public void Equal_entries_stay_in_the_order_of_adding()
    {
        float[] few = Uniform(new Random(47), 100, 6);
        BankSnapshot exact = Bank([.. few, .. few, .. few, .. few], 6);

        BankSnapshot memory = BankGraph.Attach(exact, _settings, K, Target).Memory;

        NeighborTable expected = new(), actual = new();
        exact.Search(few, 6, expected);
        memory.Search(few, 6, actual, new SearchOptions { CandidateCount = 399 });
        Neighbors.AssertSame(expected, actual);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(70)]
    public void Of_more_equal_entries_than_asked_for_the_first_are_found(int k)
    {
        const int Equal = 600; // 75 held out, so surely some of the first and of the last
        float[] others = Uniform(new Random(48), 600, 6);
        float[] one = Uniform(new Random(49), 1, 6);
        BankSnapshot exact = Bank([.. others, .. Enumerable.Repeat(one, Equal).SelectMany(row => row)], 6);

        BankSnapshot memory = BankGraph.Attach(exact, _settings, k, Target).Memory;

        NeighborTable expected = new(), actual = new();
        exact.Search(one, k, expected);
        memory.Search(one, k, actual);
        CollectionAssert.AreEqual(Enumerable.Range(600, k).ToArray(), expected.PositionsOf(0).ToArray());
        CollectionAssert.AreEqual(expected.IdsOf(0).ToArray(), actual.IdsOf(0).ToArray());
    }

    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(31, 1)]
    [DataRow(64, 4)]
    [DataRow(5000, 256)]
    public void A_sixteenth_is_held_out_up_to_256_and_at_least_one(int count, int expected)
    {
        var sample = RecallSample.Draw(Bank(Uniform(new Random(48), count, 3), 3), K, _settings);

        Assert.HasCount(expected, sample.Sequences);
        CollectionAssert.AreEqual(sample.Sequences.Order().Distinct().ToArray(), sample.Sequences);
    }

    [TestMethod]
    public void Saved_memories_keep_the_number_of_candidates()
    {
        BankSnapshot exact = Bank(Uniform(new Random(49), 4000, 12), 12);
        (BankSnapshot memory, GraphRecall recall) = BankGraph.Attach(exact, _settings, K, Target);
        byte[] saved = Saved(memory);

        BankSnapshot loaded = MemoryBank.Load(new MemoryStream(saved)).Snapshot();

        Assert.IsGreaterThan(8, recall.CandidateCount);
        Assert.AreEqual(recall.CandidateCount, loaded.Graph!.Settings.SearchCandidateCount);
        CollectionAssert.AreEqual(saved, Saved(loaded));
    }

    [TestMethod]
    public void A_memory_that_a_graph_was_refused_for_knows_until_it_has_half_or_twice_as_many_entries()
    {
        BankSnapshot refused = Bank(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 2).WithoutGraph();
        BankSnapshot loaded = MemoryBank.Load(new MemoryStream(Saved(refused))).Snapshot();
        var growing = new MemoryBank(loaded);
        var shrinking = new MemoryBank(loaded);

        Assert.IsFalse(MemoryBank.Load(new MemoryStream(Saved(Bank([1, 2], 2)))).Snapshot().RefusesGraph);
        Assert.IsTrue(loaded.RefusesGraph);
        CollectionAssert.AreEqual(Saved(refused), Saved(loaded));
        growing.AddRange([1, 2, 3, 4, 5, 6], [0, 0, 0]);
        Assert.IsTrue(growing.Snapshot().RefusesGraph);
        growing.Add([1, 2], 0);
        Assert.IsFalse(growing.Snapshot().RefusesGraph);
        shrinking.Remove(0);
        Assert.IsTrue(shrinking.Snapshot().RefusesGraph);
        shrinking.Remove(1);
        Assert.IsFalse(shrinking.Snapshot().RefusesGraph);
    }

    [TestMethod]
    public void Read_of_a_graph_refused_for_too_few_entries_is_refused()
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        new BankFields(2, Metric.Cosine, 0, 0, 0, default, null, 1, null).Write(writer);
        writer.End();

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => BankFields.Read(new SectionReader(new MemoryStream(stream.ToArray()))));

        StringAssert.EndsWith(error.Message, "must have refused a graph of at least 2 entries. Got 1.");
    }

    /// <summary>Gives entries of which some came, and others left, after a graph was made.</summary>
    private static BankSnapshot Renewed(float[] values)
    {
        var random = new Random(50);
        var bank = new MemoryBank(BankGraph.Attach(
            Bank([.. values.AsSpan(0, 2000 * 64), .. Uniform(random, 600, 64)], 64), _settings));
        bank.RemoveWhere(entry => entry.Id >= 2000);
        bank.AddRange(values.AsSpan(2000 * 64), new int[1000]);
        return bank.Snapshot();
    }

    private static double ShareFound(BankSnapshot memory, float[] queries, int? candidates = null)
    {
        NeighborTable nearest = new(), found = new();
        memory.With(null).Search(queries, K, nearest);
        memory.Search(queries, K, found, new SearchOptions { CandidateCount = candidates });
        return Enumerable.Range(0, nearest.QueryCount).Average(
            query => found.IdsOf(query).ToArray().Intersect(nearest.IdsOf(query).ToArray()).Count() / (double)K);
    }

    private static byte[] Saved(BankSnapshot memory)
    {
        using var stream = new MemoryStream();
        new MemoryBank(memory).Save(stream);
        return stream.ToArray();
    }

    private static BankSnapshot Bank(float[] values, int dimension)
    {
        var bank = new MemoryBank(dimension);
        bank.AddRange(values, new int[values.Length / dimension]);
        return bank.Snapshot();
    }

    private static float[] Uniform(Random random, int rows, int dimension) =>
        [.. Enumerable.Range(0, rows * dimension).Select(_ => (random.NextSingle() * 2) - 1)];
}
