// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.RegularExpressions;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed partial class ClusteredDamageTests
{
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Any_byte_of_the_base_flipped_is_found_when_it_is_read(Metric metric)
    {
        ForgedIndex honest = Small(metric);
        long[] sections = [
            honest.Header.IdsAt, honest.Header.SortedAt, honest.Header.HeadsAt, honest.Header.PostingsAt,
            honest.Header.ReachesAt, honest.Header.HomesAt, honest.Header.ListsAt, honest.Header.ChecksumsAt];
        foreach (long start in sections)
        {
            for (long place = start; place < start + sizeof(uint); place++)
            {
                byte[] damaged = [.. honest.File];
                damaged[place] ^= 0x40;
                string message = AssertRefused(damaged, $"byte {place}");
                StringAssert.EndsWith(message, "must match its checksum. Got other bytes.", $"byte {place}");
            }
        }
    }

    [TestMethod]
    public void Record_that_says_it_is_longer_than_an_array_ends_the_log()
    {
        string path = _folder.NewPath();
        ClusteredIndex.Create(path, 1).Dispose();
        long start = ForgedIndex.Read(path).Header.LogStart;
        const int Count = (int.MaxValue / sizeof(long)) + 1;
        using (FileStream file = File.OpenWrite(path))
        {
            file.Position = start + sizeof(uint);
            using var writer = new BinaryWriter(file);
            writer.Write(2u);
            writer.Write(0L);
            writer.Write(Count);
            writer.Flush();
            file.SetLength(start + 20 + ((long)Count * sizeof(long)));
        }

        using (ClusteredIndex index = ClusteredIndex.Open(path)) Assert.AreEqual(0, index.Count);
        Assert.AreEqual(start, new FileInfo(path).Length);
    }

    [TestMethod]
    public void Damaged_posting_is_found_by_the_search_that_reads_it_and_others_go_on()
    {
        var rows = new ClusteredRows(4000, 32, Metric.SquaredEuclidean, 1);
        string path = _folder.NewPath();
        rows.Build(path).Dispose();
        ForgedIndex honest = ForgedIndex.Read(path);
        long page = IndexFormat.Align(honest.Header.PostingsAt + 100_000, IndexFormat.PageBytes);
        byte[] damaged = [.. honest.File];
        damaged[page + 77] ^= 1;
        File.WriteAllBytes(path, damaged);
        using ClusteredIndex index = ClusteredIndex.Open(path);
        var found = new NeighborTable();
        int refused = 0;

        for (int row = 0; row < 400; row++)
        {
            try
            {
                index.Search(rows.Row(row), 1, found, new SearchOptions { CandidateCount = 1 });
                Assert.AreEqual(rows.Ids[row], found.IdsOf(0)[0]);
            }
            catch (InvalidDataException error)
            {
                refused++;
                Assert.AreEqual(
                    $"Section 'postings' of the index file, at byte {page}, must match its checksum. Got other bytes.",
                    error.Message);
            }
        }

        Assert.IsTrue(refused is > 0 and < 40, $"{refused}");
        Assert.ThrowsExactly<InvalidDataException>(
            () => index.Search(rows.Queries, 1, found, new SearchOptions { CandidateCount = int.MaxValue }), "threads");
        Assert.ThrowsExactly<InvalidDataException>(index.Compact);
    }

    [TestMethod]
    public void File_cut_anywhere_is_refused()
    {
        ForgedIndex honest = Small();
        for (int length = 0; length < honest.File.Length; length += 997)
            AssertRefused(honest.File[..length], $"{length} bytes");
    }

    [TestMethod]
    public void Header_that_is_damaged_gives_way_to_the_other_and_both_are_refused()
    {
        string path = _folder.NewPath();
        using (ClusteredIndex index = ClusteredIndex.Create(path, 2)) index.Add([1], [1, 2]);
        byte[] whole = File.ReadAllBytes(path);
        for (int slot = 0; slot < 2; slot++)
        {
            byte[] damaged = [.. whole];
            damaged[(slot * IndexFormat.SlotBytes) + 30] ^= 1;
            File.WriteAllBytes(path, damaged);
            using ClusteredIndex index = ClusteredIndex.Open(path);
            Assert.AreEqual(1, index.Count);
        }

        whole[30] ^= 1;
        whole[IndexFormat.SlotBytes + 30] ^= 1;
        Assert.AreEqual(
            "Section 'header' of the index file, at byte 0, must match its checksum in one of its two slots. "
            + "Got other bytes.",
            AssertRefused(whole, "both"));
    }

    [TestMethod]
    public void Forged_header_is_refused()
    {
        ForgedIndex honest = Small();
        IndexHeader header = honest.Header;
        long length = honest.File.Length;
        AssertHeader(honest, header with { Dimension = 0 }, "must have a dimension in [1, 1048576]. Got 0.");
        AssertHeader(
            honest, header with { Dimension = int.MaxValue }, "must have a dimension in [1, 1048576]. Got 2147483647.");
        AssertHeader(honest, header with { Metric = (Metric)3 }, "must have a known metric. Got 3.");
        AssertHeader(honest, header with { Count = -1 }, "must have at least 0 entries. Got -1.");
        AssertHeader(honest, header with { HeadCount = -1 }, "must have 1 to 40 heads. Got -1.");
        AssertHeader(honest, header with { HeadCount = 41 }, "must have 1 to 40 heads. Got 41.");
        AssertHeader(honest, header with { HeadCount = 0 }, "must have 1 to 40 heads. Got 0.");
        AssertHeader(
            honest, header with { Generation = -2 }, "must have a generation in [0, 4611686018427387904]. Got -2.");
        AssertHeader(
            honest,
            header with { Generation = long.MaxValue },
            "must have a generation in [0, 4611686018427387904]. Got 9223372036854775807.");
        IndexHeader huge = header with { Count = int.MaxValue };
        AssertHeader(
            honest, huge, $"must have lists from byte {huge.LeastListsAt} to {length}. Got {header.ListsAt}.");
        foreach (long at in new[] { long.MinValue, 0, length + 1, long.MaxValue })
        {
            AssertHeader(
                honest,
                header with { ListsAt = at },
                $"must have lists from byte {header.LeastListsAt} to {length}. Got {at}.");
        }

        AssertHeader(
            honest,
            header with { LogEnd = header.LogStart - 1 },
            $"must have a log that ends from byte {header.LogStart} on. Got {header.LogStart - 1}.");
        AssertHeader(
            honest,
            header with { Settings = new ClusteredSettings { ReplicaCount = 0 } },
            "must hold valid settings. Got ClusteredSettings.ReplicaCount must be in [1, 8]. Got 0.");
        Assert.AreEqual(
            "Section 'header' of the index file, at byte 0, must be readable by version 3. Got version 4.",
            AssertRefused(honest.WithHeaderField(8, 4).WithHeaderField(12, 4).File, "version"));
    }

    [TestMethod]
    public void Forged_content_with_right_checksums_is_refused()
    {
        ForgedIndex honest = Small();
        IndexHeader header = honest.Header;
        AssertForged(honest.With(header.HeadsAt, float.NaN), "heads", "must be finite. Got NaN or infinity.");
        string start = $"must go on at byte {header.PostingsAt}. Got byte ";
        AssertForged(honest.With(header.ListsAt, 0L), "lists", start + "0.");
        AssertForged(honest.With(header.ListsAt, header.PostingsAt + 4), "lists", start);
        AssertForged(honest.With(header.ListsAt, long.MinValue), "lists", start);
        AssertForged(honest.With(header.ListsAt, long.MaxValue), "lists", start);
        AssertForged(
            honest.With(header.ListsAt + IndexFormat.ListBytes, header.PostingsAt), "lists", "must go on at byte ");
        AssertForged(
            honest.With(header.ListsAt + 8, int.MaxValue), "lists", $"must end by byte {header.HomesAt}. Got byte ");
        AssertForged(honest.With(header.ListsAt + 8, -1), "lists", "must have counts that fit. Got ");
        AssertForged(honest.With(header.ListsAt + 12, -1), "lists", "must have counts that fit. Got -1, ");
        AssertForged(honest.With(header.ListsAt + 12, 0), "lists", "must hold 40 entries. Got ");
        AssertForged(honest.With(header.PostingsAt, 40), "postings", "must name slots below 40. Got 40.");
        AssertForged(honest.With(header.PostingsAt, -1), "postings", "must name slots below 40. Got -1.");
        AssertForged(
            honest.With(header.PostingsAt + 4, float.PositiveInfinity),
            "postings",
            "must have finite vectors. Got NaN or infinity.");
        for (int entry = 0; entry < 40; entry += 9)
        {
            long at = header.SortedAt + (entry * IndexFormat.SortedIdBytes) + sizeof(long);
            AssertForged(honest.With(at, 40), "sortedIds", "must name the slot of id ");
            AssertForged(honest.With(at, -7), "sortedIds", "must name the slot of id ");
        }

        long home = header.HomesAt + (7 * sizeof(int));
        int other = 1 - Math.Sign(BitConverter.ToInt32(honest.File, (int)home));
        foreach (int list in new[] { -1, header.HeadCount, other })
        {
            AssertForged(
                honest.With(home, list), "homes", $"must name the list of slot 7. Got {list}.");
        }
    }

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    [DataRow(-1f, "-1")]
    public void Forged_reach_is_refused(float reach, string got)
    {
        ForgedIndex honest = Small(Metric.InnerProduct);
        long last = honest.Header.ReachesAt + ((honest.Header.HeadCount - 1) * sizeof(float));

        AssertForged(honest.With(last, reach), "reaches", $"must be finite and at least 0. Got {got}.");
        AssertForged(
            honest.With(honest.Header.ListsAt + 8, int.MaxValue),
            "lists",
            $"must end by byte {honest.Header.ReachesAt}. Got byte ");
    }

    [TestMethod]
    public void Forged_entry_that_comes_twice_is_found_once_and_stops_a_compaction()
    {
        ForgedIndex honest = Small();
        int first = BitConverter.ToInt32(honest.File, (int)honest.Header.PostingsAt);
        int second = (int)honest.Header.PostingsAt + IndexFormat.PostingBytes(3);
        ForgedIndex twice = honest.With(second, first);
        string path = _folder.NewPath();
        File.WriteAllBytes(path, twice.File);
        using ClusteredIndex index = ClusteredIndex.Open(path);
        var found = new NeighborTable();

        index.Search([0, 0, 0], int.MaxValue, found);
        string message = Assert.ThrowsExactly<InvalidDataException>(index.Compact).Message;

        Assert.HasCount(39, found.IdsOf(0).ToArray());
        Assert.HasCount(39, found.IdsOf(0).ToArray().Distinct().ToArray());
        AssertMatches(message, "postings", "must differ. Got ids must differ. Got ");
        CollectionAssert.AreEqual(new[] { "0.index", "1.index" }, _folder.Files());
    }

    [TestMethod]
    public void Forged_vector_that_is_not_finite_stops_a_compaction()
    {
        ForgedIndex honest = Small();
        string path = _folder.NewPath();
        File.WriteAllBytes(path, honest.With(honest.Header.PostingsAt + 4, float.NaN).File);
        using ClusteredIndex index = ClusteredIndex.Open(path);

        Refusal.Assert<InvalidDataException>(
            $"Section 'postings' of the index file, at byte {honest.Header.PostingsAt}, must have finite vectors. "
            + "Got NaN or infinity.",
            index.Compact);
    }

    private static void AssertMatches(string message, string section, string end)
    {
        StringAssert.StartsWith(message, $"Section '{section}' of the index file, at byte ");
        StringAssert.Contains(message, ", " + end);
    }

    private void AssertForged(ForgedIndex forged, string section, string end)
        => AssertMatches(AssertRefused(forged.File, end), section, end);

    private void AssertHeader(ForgedIndex honest, IndexHeader header, string end)
        => AssertMatches(AssertRefused(honest.WithHeader(header).File, end), "header", end);

    private ForgedIndex Small(Metric metric = Metric.SquaredEuclidean)
    {
        var rows = new ClusteredRows(40, 3, metric, 2);
        string path = _folder.NewPath();
        rows.Build(path, new ClusteredSettings { ListLength = 4, MemoryBytes = 16 << 20 }).Dispose();
        return ForgedIndex.Read(path);
    }

    /// <summary>Opens a damaged file and reads everything in it.</summary>
    private string AssertRefused(byte[] file, string what)
    {
        string path = _folder.NewPath();
        File.WriteAllBytes(path, file);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () =>
            {
                using ClusteredIndex index = ClusteredIndex.Open(path);
                var found = new NeighborTable();
                index.Search([0, 0, 0], int.MaxValue, found);
                float[] vector = new float[3];
                foreach (long id in found.IdsOf(0).ToArray()) index.TryGetVector(id, vector);
                foreach (long id in found.IdsOf(0).ToArray()) index.Remove([id]);
            },
            what);
        File.Delete(path);
        Assert.MatchesRegex(Located(), error.Message, what);
        return error.Message;
    }

    [GeneratedRegex(@"^Section '[a-zA-Z]+' of the index file, at byte \d+, must .*\. Got .*\.$")]
    private static partial Regex Located();
}
