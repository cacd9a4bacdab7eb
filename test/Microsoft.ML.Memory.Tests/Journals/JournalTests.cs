// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Journals;

[TestClass]
public sealed class JournalTests
{
    private const string Name = "changes";

    private static readonly byte[] _hash = [.. Enumerable.Range(0, 32).Select(index => (byte)index)];

    private string _folder = "";
    private FolderFiles _files = new("");

    private string PathOfJournal => Path.Combine(_folder, Name);

    [TestInitialize]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
        _files = new FolderFiles(_folder);
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Groups_come_back_as_they_were_appended()
    {
        using (Journal journal = Journal.Create(_files, Name, _hash))
        {
            journal.Append([Change(1, "one"), Change(2, "")]);
            journal.Append([Change(255, "three")]);
        }

        using Journal again = Journal.Open(_files, Name);

        Assert.AreEqual("1: 1 one, 2 ; 3: 255 three", Describe(again, after: 0));
        Assert.AreEqual("3: 255 three", Describe(again, after: 2));
        Assert.AreEqual(4L, again.NextSequence);
        Assert.AreEqual(0L, again.TornBytes);
        CollectionAssert.AreEqual(_hash, again.ModelHash);
    }

    [TestMethod]
    public void A_file_cut_anywhere_gives_the_groups_before_the_cut()
    {
        (byte[] whole, long[] ends) = Write(3);
        for (int length = JournalHeader.Bytes; length <= whole.Length; length++)
        {
            File.WriteAllBytes(PathOfJournal, whole[..length]);

            using (Journal journal = Journal.Open(_files, Name))
            {
                int groups = ends.Count(end => end <= length);
                Assert.HasCount(groups, journal.ReadAfter(0).ToList());
                Assert.AreEqual(length - (groups == 0 ? JournalHeader.Bytes : ends[groups - 1]), journal.TornBytes);
                Assert.AreEqual(length, new FileInfo(PathOfJournal).Length);
                journal.Repair();
                journal.Append([Change(9, "new")]);
            }

            using Journal again = Journal.Open(_files, Name);
            Assert.AreEqual("new", Encoding.UTF8.GetString(again.ReadAfter(0).Last().Changes[0].Content.Span));
            Assert.AreEqual(0L, again.TornBytes);
        }
    }

    [TestMethod]
    public void A_torn_record_has_to_be_cut_off_first()
    {
        (byte[] whole, _) = Write(2);
        File.WriteAllBytes(PathOfJournal, whole[..^1]);
        using Journal journal = Journal.Open(_files, Name);

        Refusal.Assert<IOException>(
            $"Journal '{PathOfJournal}' must be opened again, since what is on disk is not known. Got: a torn record.",
            () => journal.Append([Change(1, "x")]));
    }

    [TestMethod]
    public void Damage_before_the_last_record_is_refused_wherever_it_is()
    {
        (byte[] whole, long[] ends) = Write(3);
        for (int place = JournalHeader.Bytes; place < ends[1]; place++)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 0x40;
            File.WriteAllBytes(PathOfJournal, damaged);
            long start = place < ends[0] ? JournalHeader.Bytes : ends[0];
            long later = place < ends[0] ? ends[0] : ends[1];

            Refusal.Assert<InvalidDataException>(
                $"Journal '{PathOfJournal}' must be whole up to its last record. Got a damaged record at byte "
                + $"{start} and another record at byte {later}. Nothing was changed; restore the file from a copy.",
                () => Journal.Open(_files, Name));
            CollectionAssert.AreEqual(damaged, File.ReadAllBytes(PathOfJournal));
        }
    }

    [TestMethod]
    public void A_change_that_looks_like_a_record_is_none()
    {
        (byte[] whole, _) = Write(2);
        byte[] record = whole[JournalHeader.Bytes..];
        using (Journal journal = Journal.Create(_files, "other", _hash)) journal.Append([new JournalChange(1, record)]);
        string path = Path.Combine(_folder, "other");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);

        using Journal torn = Journal.Open(_files, "other");

        Assert.IsEmpty(torn.ReadAfter(0));
    }

    [TestMethod]
    public void A_header_that_is_none_is_refused()
    {
        (byte[] whole, _) = Write(1);
        Require([], "have a header of 60 bytes. Got 0.");
        Require([.. new byte[60]], "start with the mark of a journal. Got other bytes.");
        whole[20] ^= 1;
        Require(whole, "have a header that matches its checksum. Got other bytes.");

        void Require(byte[] bytes, string rest)
        {
            File.WriteAllBytes(PathOfJournal, bytes);
            Refusal.Assert<InvalidDataException>(
                $"Journal '{PathOfJournal}' must {rest}", () => Journal.Open(_files, Name));
        }
    }

    [TestMethod]
    public void A_compaction_leaves_what_came_after_it()
    {
        byte[] hash = [.. _hash.Reverse()];
        Journal journal = Journal.Create(_files, Name, _hash);
        journal.Append([Change(1, "one")]);
        journal.Append([Change(2, "two")]);
        long end = journal.EndOf(2);
        Assert.AreEqual(journal.Length, end);
        journal.Append([Change(3, "three")]);
        var compaction = new JournalCompaction(2, hash);
        journal.Append(compaction);

        using (Journal rest = journal.ContinueAfter(compaction, end)) rest.Append([Change(4, "four")]);
        using Journal again = Journal.Open(_files, Name);
        using Journal old = Journal.Open(_files, Journal.OldName(Name));

        Assert.AreEqual("3: 3 three; 4: 4 four", Describe(again, after: 0));
        Assert.AreEqual(3L, again.FirstSequence);
        CollectionAssert.AreEqual(hash, again.ModelHash);
        Assert.AreEqual("1: 1 one; 2: 2 two; 3: 3 three", Describe(old, after: 0));
        Assert.AreEqual(2L, old.Compactions.Single().LastSequence);
        CollectionAssert.AreEqual(hash, old.Compactions.Single().ModelHash);
    }

    [TestMethod]
    public void A_journal_with_its_old_name_only_is_put_back()
    {
        (byte[] whole, _) = Write(1);
        File.Move(PathOfJournal, PathOfJournal + ".old");

        Journal.Restore(_files, Name);

        CollectionAssert.AreEqual(whole, File.ReadAllBytes(PathOfJournal));
        Assert.IsFalse(File.Exists(PathOfJournal + ".old"));
    }

    [TestMethod]
    public void A_journal_that_failed_stays_closed()
    {
        using Journal journal = Journal.Create(_files, Name, _hash);
        journal.Fail(new IOException("No space left on device."));

        Refusal.Assert<IOException>(
            $"Journal '{PathOfJournal}' must be opened again, since what is on disk is not known. "
            + "Got: No space left on device.",
            () => journal.Append([Change(1, "x")]));
        Assert.AreEqual(JournalHeader.Bytes, new FileInfo(PathOfJournal).Length);
    }

    [TestMethod]
    public void Impossible_values_with_right_checksums_are_refused()
    {
        Require(JournalRecord.Changes, 2, 1, 9, "must hold 1 to 1 changes. Got 2.");
        Require(JournalRecord.Changes, 1, 5, 9, "must go on with change 1. Got 5.");
        Require(JournalRecord.Compaction, 0, 1, 9, "must be a compaction without changes. Got 0 in 9 bytes.");
        Require(JournalRecord.Compaction, 0, 1, 40, "must be a compaction of changes below 1. Got 1.");
        Require(7, 0, 1, 9, "must be of a known kind. Got 7.");

        void Require(uint kind, int count, long first, int length, string rest)
        {
            var header = new JournalHeader(5, 1, _hash);
            byte[] record = new byte[JournalRecord.FrameBytes + length];
            record[JournalRecord.HeaderBytes] = 1;
            JournalRecord.Seal(record, kind, count, first, header.ChecksumSeed);
            File.WriteAllBytes(PathOfJournal, [.. header.ToBytes(), .. record]);
            Refusal.Assert<InvalidDataException>(
                $"The record at byte 60 of journal '{PathOfJournal}' {rest}", () => Journal.Open(_files, Name));
        }
    }

    [TestMethod]
    public void Changes_that_do_not_fill_their_record_are_refused()
    {
        var header = new JournalHeader(5, 1, _hash);
        byte[] record = new byte[JournalRecord.FrameBytes + 9];
        record[JournalRecord.HeaderBytes + 1] = 3;
        JournalRecord.Seal(record, JournalRecord.Changes, 1, 1, header.ChecksumSeed);
        File.WriteAllBytes(PathOfJournal, [.. header.ToBytes(), .. record]);
        using Journal journal = Journal.Open(_files, Name);

        Refusal.Assert<InvalidDataException>(
            $"The record at byte 60 of journal '{PathOfJournal}' must be filled by its 1 changes. Got 1 more bytes.",
            () => journal.ReadAfter(0).ToList());
    }

    [TestMethod]
    public void Any_bytes_are_refused_or_read_as_far_as_they_are_records()
    {
        (byte[] whole, _) = Write(6);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20_261_121, 3);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            byte[] bytes = [.. whole];
            int from = random.Next(2) == 0 ? 0 : JournalHeader.Bytes;
            for (int flips = random.Next(1, 5); flips > 0; flips--)
                bytes[random.Next(from, bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) random.NextBytes(bytes.AsSpan(random.Next(from, bytes.Length)));
            File.WriteAllBytes(PathOfJournal, bytes[..random.Next(from, bytes.Length)]);
            try
            {
                using Journal journal = Journal.Open(_files, Name);
                return journal.ReadAfter(0).Count() <= 6;
            }
            catch (InvalidDataException)
            {
                return true;
            }
        }));
    }

    private static JournalChange Change(byte kind, string content) => new(kind, Encoding.UTF8.GetBytes(content));

    private static string Describe(Journal journal, long after)
        => string.Join("; ", journal.ReadAfter(after).Select(group => $"{group.FirstSequence}: " + string.Join(
            ", ", group.Changes.Select(change => $"{change.Kind} {Encoding.UTF8.GetString(change.Content.Span)}"))));

    /// <summary>Writes groups of one change each, and gives the bytes and where each group ends.</summary>
    private (byte[] Bytes, long[] Ends) Write(int groups)
    {
        long[] ends = new long[groups];
        using (Journal journal = Journal.Create(_files, Name, _hash))
        {
            for (int group = 0; group < groups; group++)
            {
                journal.Append([Change((byte)group, $"change {group}")]);
                ends[group] = journal.Length;
            }
        }

        return (File.ReadAllBytes(PathOfJournal), ends);
    }
}
