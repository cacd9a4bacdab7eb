// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed class ClusteredCrashTests
{
    private static readonly ClusteredSettings _settings = new() { ListLength = 5, MemoryBytes = 16 << 20 };
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Kill_at_any_write_of_a_change_leaves_the_state_before_or_after(bool flushes)
    {
        var rows = new ClusteredRows(60, 3, Metric.SquaredEuclidean, 1);
        string path = _folder.NewPath();
        rows.Build(path, _settings with { FlushEachChange = flushes }).Dispose();
        var copies = new WriteCopies();
        var states = new List<(int Copies, IVectorIndex Exact)>();
        var exact = rows.Exact();
        using (ClusteredIndex index = ClusteredIndex.Open(path, copies.Look))
        {
            for (int change = 0; change < 6; change++)
            {
                states.Add((copies.Files.Count, Copy(rows, change)));
                Change(index, rows, change);
            }

            states.Add((copies.Files.Count, Copy(rows, 6)));
        }

        for (int copy = 0; copy < copies.Files.Count; copy++)
        {
            int before = states.FindLastIndex(state => state.Copies <= copy);
            IVectorIndex[] allowed = [.. states.Skip(before).Take(2).Select(state => state.Exact)];
            AssertOneOf(allowed, copies.Files[copy], rows.Queries, $"copy {copy}");
        }
    }

    [TestMethod]
    public void Log_cut_anywhere_loses_whole_changes_from_its_end_only()
    {
        var rows = new ClusteredRows(30, 2, Metric.SquaredEuclidean, 2);
        string path = _folder.NewPath();
        rows.Build(path, _settings with { FlushEachChange = false }).Dispose();
        var ends = new List<long> { new FileInfo(path).Length };
        var copies = new WriteCopies();
        ClusteredIndex index = ClusteredIndex.Open(path, copies.Look);
        for (int change = 0; change < 6; change++)
        {
            Change(index, rows, change);
            ends.Add(new FileInfo(path).Length);
        }

        index.Dispose();
        byte[] whole = copies.Files[^2]; // before the last header was written: no record is committed
        for (int length = (int)ends[0]; length <= ends[^1]; length++)
        {
            int changes = ends.FindLastIndex(end => end <= length);
            AssertOneOf([Copy(rows, changes)], whole[..length], rows.Queries, $"{length} bytes");
        }
    }

    [TestMethod]
    public void Log_that_was_flushed_must_be_whole()
    {
        var rows = new ClusteredRows(30, 2, Metric.SquaredEuclidean, 2);
        string path = _folder.NewPath();
        rows.Build(path, _settings).Dispose();
        long start = new FileInfo(path).Length;
        using (ClusteredIndex index = ClusteredIndex.Open(path))
        {
            index.Add([5000], [1, 2]);
            index.Add([5001], [3, 4]);
        }

        byte[] whole = File.ReadAllBytes(path);
        byte[] flipped = [.. whole];
        flipped[start + 50] ^= 1;
        AssertDamaged(
            flipped,
            $"Section 'log' of the index file, at byte {start + 36}, must match its checksum. Got other bytes.");
        AssertDamaged(
            whole[..^1],
            $"Section 'log' of the index file, at byte {start}, must be complete. "
            + $"Got the end of the file at byte {whole.Length - 1}.");
    }

    [TestMethod]
    public void Full_disk_during_a_change_leaves_index_and_file_as_they_were()
    {
        var rows = new ClusteredRows(60, 3, Metric.Cosine, 3);
        string path = _folder.NewPath();
        rows.Build(path, _settings).Dispose();
        IVectorIndex exact = rows.Exact();
        var copies = new WriteCopies();
        using (ClusteredIndex index = ClusteredIndex.Open(path, copies.Look))
        {
            copies.RefusedWrite = copies.Writes;
            Refusal.Assert<IOException>(
                "The index file must have room for 40 more bytes. Got: No space left on device. Nothing was changed.",
                () => index.Add([9000], [1, 2, 3]));
            copies.RefusedWrite = copies.Writes + 1;
            Assert.ThrowsExactly<IOException>(() => index.Add([9000], [1, 2, 3]));
            copies.RefusedWrite = copies.Writes + 1; // the flush
            Assert.ThrowsExactly<IOException>(() => index.Remove([rows.Ids[0]]));
            ClusteredRows.AssertSame(exact, index, rows.Queries, 70);
            copies.RefusedWrite = copies.Writes + 3; // the header: the change is safe without it
            index.Add([9000], [1, 2, 3]);
            exact.Add([9000], [1, 2, 3]);
            ClusteredRows.AssertSame(exact, index, rows.Queries, 70);
        }

        using ClusteredIndex again = ClusteredIndex.Open(path);
        ClusteredRows.AssertSame(exact, again, rows.Queries, 70);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Flush_or_closing_after_a_flush_that_failed_has_all_changes_on_the_device(bool closes)
    {
        string path = _folder.NewPath();
        ClusteredIndex.Create(path, 2, Metric.Cosine, _settings with { FlushEachChange = false }).Dispose();
        var disk = new ForgetfulDisk(File.ReadAllBytes(path));
        ClusteredIndex index = ClusteredIndex.Open(path, disk.Look);
        index.Add([1], [1, 2]);
        disk.FailsNextFlush = true;
        Assert.ThrowsExactly<IOException>(index.Flush);
        index.Add([2], [3, 4]);

        if (closes) index.Dispose();
        else index.Flush();

        AssertOneOf([Two()], disk.ContentWith(IndexFormat.BodyStart), [1, 1], "header first");
        AssertOneOf([Two()], disk.ContentWith(long.MaxValue), [1, 1], "all");
        index.Dispose();
    }

    [TestMethod]
    public void Closing_vouches_for_no_change_that_the_device_may_lack()
    {
        string path = _folder.NewPath();
        using (ClusteredIndex index = ClusteredIndex.Create(path, 2)) index.Add([1], [1, 2]);
        byte[] flushed = File.ReadAllBytes(path);
        var copies = new WriteCopies();
        using (ClusteredIndex index = ClusteredIndex.Open(path, copies.Look)) index.Add([2], [3, 4]);
        File.WriteAllBytes(path, copies.Files.Last(file => file.Length > flushed.Length && Starts(file, flushed)));
        var disk = new ForgetfulDisk(flushed);

        using (ClusteredIndex index = ClusteredIndex.Open(path, disk.Look)) Assert.AreEqual(2, index.Count);

        AssertOneOf([Two()], disk.ContentWith(IndexFormat.BodyStart), [1, 1], "header first");

        static bool Starts(byte[] file, byte[] start) => file.AsSpan().StartsWith(start);
    }

    [TestMethod]
    public void Full_disk_during_a_build_or_a_compaction_leaves_the_former_file()
    {
        var rows = new ClusteredRows(200, 3, Metric.Cosine, 4);
        IVectorIndex exact = rows.Exact();
        string path = _folder.NewPath();
        rows.Build(path, _settings).Dispose();
        byte[] before = File.ReadAllBytes(path);
        var counted = new WriteCopies();
        rows.Build(_folder.NewPath(), _settings, counted.Look).Dispose();
        for (int write = 0; write < counted.Writes - 1; write++)
        {
            var full = new WriteCopies { RefusedWrite = write };
            Assert.ThrowsExactly<IOException>(() => rows.Build(path, _settings, full.Look), $"write {write}");
            CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
            full = new WriteCopies { RefusedWrite = write };
            using ClusteredIndex index = ClusteredIndex.Open(path, full.Look);
            Assert.ThrowsExactly<IOException>(index.Compact, $"write {write}");
            ClusteredRows.AssertSame(exact, index, rows.Queries, 10);
        }

        Assert.HasCount(2, _folder.Files());
        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Open_clears_away_what_a_killed_build_left()
    {
        var rows = new ClusteredRows(50, 3, Metric.Cosine, 5);
        string path = _folder.NewPath();
        rows.Build(path, _settings).Dispose();
        foreach (string suffix in new[] { "", ".rows", ".ids", ".slots" })
            File.WriteAllText(path + ".building" + suffix, "left");

        using ClusteredIndex index = ClusteredIndex.Open(path);

        Assert.HasCount(1, _folder.Files());
        Assert.AreEqual(50, index.Count);
    }

    private static void Change(IVectorIndex index, ClusteredRows rows, int change)
    {
        if (change % 3 == 2) index.Remove([rows.Ids[change], 5000 + (2 * (change - 1))]);
        else index.Add([5000 + (2 * change), 5001 + (2 * change)], rows.Vectors.AsSpan(change, 2 * rows.Dimension));
    }

    private static FlatIndex Two()
    {
        var exact = new FlatIndex(2);
        exact.Add([1, 2], [1, 2, 3, 4]);
        return exact;
    }

    private static FlatIndex Copy(ClusteredRows rows, int changes)
    {
        FlatIndex exact = rows.Exact();
        for (int change = 0; change < changes; change++) Change(exact, rows, change);
        return exact;
    }

    private void AssertOneOf(IVectorIndex[] allowed, byte[] file, float[] queries, string what)
    {
        string path = _folder.NewPath();
        File.WriteAllBytes(path, file);
        using ClusteredIndex index = ClusteredIndex.Open(path);
        IVectorIndex? same = Array.Find(allowed, exact => exact.Count == index.Count);
        Assert.IsNotNull(same, what);
        ClusteredRows.AssertSame(same, index, queries, int.MaxValue, what);
    }

    private void AssertDamaged(byte[] file, string message)
    {
        string path = _folder.NewPath();
        File.WriteAllBytes(path, file);
        Refusal.Assert<InvalidDataException>(message, () => ClusteredIndex.Open(path));
    }
}
