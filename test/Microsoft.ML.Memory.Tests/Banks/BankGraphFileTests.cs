// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Memory.Tests.Indexes.Graph;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class BankGraphFileTests
{
    private const int D = 16;

    private static readonly GraphSettings _settings = new()
    {
        Encoding = VectorEncoding.Half,
        LinkCount = 6,
        BuildCandidateCount = 40,
        SearchCandidateCount = 20,
        Seed = 3,
    };

    [TestMethod]
    public void Load_gives_the_same_neighbors_and_saves_the_same_bytes()
    {
        BankSnapshot memory = BankGraph.Attach(Bank(600).Snapshot(), _settings);
        byte[] saved = Saved(memory);

        BankSnapshot loaded = MemoryBank.Load(new MemoryStream(saved)).Snapshot();

        Assert.AreEqual(_settings, loaded.Graph!.Settings);
        Assert.IsTrue(loaded.Graph.IsCurrent(loaded));
        AssertSame(memory, loaded);
        CollectionAssert.AreEqual(saved, Saved(loaded));
    }

    [TestMethod]
    public void Load_of_a_graph_that_lags_behind_gives_the_same_neighbors()
    {
        var bank = new MemoryBank(BankGraph.Attach(Bank(300).Snapshot(), _settings));
        bank.AddRange(Values(new Random(9), 40), new int[40]);

        BankSnapshot loaded = MemoryBank.Load(new MemoryStream(Saved(bank.Snapshot()))).Snapshot();

        Assert.AreEqual(bank.Snapshot().Graph!.EndSequence, loaded.Graph!.EndSequence);
        AssertSame(bank.Snapshot(), loaded);
        bank.RemoveWhere(entry => entry.Id >= 300);
        AssertSame(bank.Snapshot(), MemoryBank.Load(new MemoryStream(Saved(bank.Snapshot()))).Snapshot());
    }

    [TestMethod]
    public void Save_leaves_removed_entries_out_of_the_graph()
    {
        var bank = new MemoryBank(BankGraph.Attach(Bank(300).Snapshot(), _settings));
        bank.RemoveWhere(entry => entry.Id % 9 == 0);
        bank.AddRange(Values(new Random(9), 40), new int[40]);

        BankSnapshot loaded = MemoryBank.Load(new MemoryStream(Saved(bank.Snapshot()))).Snapshot();

        Assert.AreEqual(bank.Count, loaded.Count);
        CollectionAssert.AreEqual(Saved(bank.Snapshot()), Saved(loaded));
        var most = new SearchOptions { CandidateCount = 200 };
        NeighborTable first = new(), second = new();
        bank.Snapshot().With(null).Search(Values(new Random(7), 20), 5, first);
        loaded.Search(Values(new Random(7), 20), 5, second, most);
        Neighbors.AssertSame(first, second);
    }

    [TestMethod]
    public void Load_of_a_graph_that_ends_elsewhere_is_refused()
    {
        BankSnapshot memory = Pair();
        foreach ((long end, string message) in ((long, string)[])
            [(0, "must follow ids of stored vectors. Got 0."), (1, "must follow ids of stored vectors. Got 1.")])
        {
            InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
                () => BankGraph.Read(ReaderOf(new ForgedGraph { Ids = [0, 1], Vectors = null }), memory, end));
            StringAssert.EndsWith(error.Message, message);
        }
    }

    [TestMethod]
    public void Save_without_a_graph_has_no_trace_of_one()
    {
        BankSnapshot memory = Bank(20).Snapshot();

        CollectionAssert.AreEqual(Saved(memory), Saved(BankGraph.Attach(memory, _settings).With(null)));
    }

    [TestMethod]
    public void Load_of_a_shortened_or_changed_file_is_refused()
    {
        byte[] saved = Saved(BankGraph.Attach(Bank(40).Snapshot(), _settings));
        for (int length = 0; length < saved.Length; length += 7)
            Assert.ThrowsExactly<InvalidDataException>(() => MemoryBank.Load(new MemoryStream(saved[..length])));
        for (int place = 0; place < saved.Length; place += 5)
        {
            byte[] changed = [.. saved];
            changed[place] ^= 0x40;
            Assert.ThrowsExactly<InvalidDataException>(() => MemoryBank.Load(new MemoryStream(changed)));
        }
    }

    [TestMethod]
    public void Read_of_a_forged_graph_is_refused()
    {
        var good = new ForgedGraph { Ids = [1, 0], Vectors = null };
        Assert.AreEqual(2, BankGraph.Read(ReaderOf(good), Pair(), 2).Count);

        AssertRefused(
            good with { Dimension = 3 }, "graph", "must have dimension 2 and metric Cosine. Got 3 and Cosine.");
        AssertRefused(
            good with { Metric = 1 }, "graph", "must have dimension 2 and metric Cosine. Got 2 and SquaredEuclidean.");
        AssertRefused(good with { Ids = [1, 2] }, "levels", "must follow ids of stored vectors. Got 2.");
        AssertRefused(
            good with { Count = 1, Entry = 0, Ids = [1], Sequences = [8], Levels = [0], LinkCounts = [0], Links = [] },
            "links",
            "must follow a graph of 2 entries. Got 1.");
        AssertRefused(good with { Links = [1, 2] }, "links", "must lead to entries in [0, 2). Got 2.");
    }

    private static void AssertRefused(ForgedGraph forged, string section, string message)
    {
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => BankGraph.Read(ReaderOf(forged), Pair(), 2));
        StringAssert.Contains(error.Message, $"'{section}'");
        StringAssert.EndsWith(error.Message, message);
    }

    private static SectionReader ReaderOf(ForgedGraph forged) => new(new MemoryStream(forged.Bytes()));

    private static BankSnapshot Pair()
    {
        var bank = new MemoryBank(2);
        bank.AddRange([1, 2, 3, 4], [0, 0]);
        return bank.Snapshot();
    }

    private static void AssertSame(BankSnapshot expected, BankSnapshot actual)
    {
        float[] queries = Values(new Random(7), 20);
        NeighborTable first = new(), second = new();
        expected.Search(queries, 5, first);
        actual.Search(queries, 5, second);
        Neighbors.AssertSame(first, second);
    }

    private static byte[] Saved(BankSnapshot memory)
    {
        using var stream = new MemoryStream();
        new MemoryBank(memory).Save(stream);
        return stream.ToArray();
    }

    private static MemoryBank Bank(int count)
    {
        var bank = new MemoryBank(D);
        bank.AddRange(Values(new Random(5), count), new int[count]);
        return bank;
    }

    private static float[] Values(Random random, int rows) =>
        [.. Enumerable.Range(0, rows * D).Select(_ => (random.NextSingle() * 2) - 1)];
}
