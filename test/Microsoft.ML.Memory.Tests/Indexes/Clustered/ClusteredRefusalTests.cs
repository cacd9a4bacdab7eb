// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed class ClusteredRefusalTests
{
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    public void Settings_out_of_range_are_named_all_at_once()
        => Refusal.Assert<ArgumentException>(
            "ClusteredSettings.ListLength must be at least 1. Got 0. "
            + "ClusteredSettings.ListCapacity must be at least 1. Got 0. "
            + "ClusteredSettings.ReplicaCount must be in [1, 8]. Got 9. "
            + "ClusteredSettings.NearHeadCount must be in [1, 1024]. Got 0. "
            + "ClusteredSettings.BalanceWeight must be in [0, 1000000]. Got NaN. "
            + "ClusteredSettings.SearchListCount must be at least 1. Got 0. "
            + "ClusteredSettings.SureListCount must be at least 1. Got 0. "
            + "ClusteredSettings.DistanceRatio must be at least 1. Got NaN. "
            + "ClusteredSettings.AddedCount must be at least 1. Got 0. "
            + "ClusteredSettings.RemovedShare must be in (0, 1]. Got 0. "
            + "ClusteredSettings.MemoryBytes must be at least 16777216. Got 1.",
            () => ClusteredIndex.Create(_folder.NewPath(), 2, Metric.Cosine, new ClusteredSettings
            {
                ListLength = 0,
                ListCapacity = 0,
                ReplicaCount = 9,
                NearHeadCount = 0,
                BalanceWeight = double.NaN,
                SearchListCount = 0,
                SureListCount = 0,
                DistanceRatio = double.NaN,
                AddedCount = 0,
                RemovedShare = 0,
                MemoryBytes = 1,
            }));

    [TestMethod]
    public void A_balance_that_would_put_all_entries_into_one_list_is_refused()
        => Refusal.Assert<ArgumentException>(
            "ClusteredSettings.BalanceWeight must be in [0, 1000000]. Got 1E+308.",
            () => ClusteredIndex.Create(
                _folder.NewPath(), 2, Metric.Cosine, new ClusteredSettings { BalanceWeight = 1e308 }));

    [TestMethod]
    public void More_ids_than_a_record_holds_are_refused_before_they_are_read()
    {
        const int Count = 268_435_447;
        using ClusteredIndex index = ClusteredIndex.Create(_folder.NewPath(), 1, Metric.SquaredEuclidean);

        Refusal.Assert<ArgumentException>(
            "ids must be at most 268435446 a call. Got 268435447. Give them in several calls. (Parameter 'ids')",
            () => index.Remove(Claimed<long>(Count)));
        Refusal.Assert<ArgumentException>(
            "ids must be at most 268435446 a call. Got 268435447. Give them in several calls. (Parameter 'ids')",
            () => index.Add(Claimed<long>(Count), Claimed<float>(Count)));
        Refusal.Assert<ArgumentException>(
            "vectors must be at most 536870911 values a call. Got 536870912. (Parameter 'vectors')",
            () => index.Add(Claimed<long>(1 << 29), Claimed<float>(1 << 29)));
        Assert.AreEqual(0, index.Count);
    }

    [TestMethod]
    public void Create_in_place_of_a_file_is_refused()
    {
        string path = _folder.NewPath();
        ClusteredIndex.Create(path, 2).Dispose();

        Refusal.Assert<IOException>(
            $"Index file '{path}' must be a new one. Got one that is there. Open it instead.",
            () => ClusteredIndex.Create(path, 2));
    }

    [TestMethod]
    public void Open_of_no_file_says_so()
    {
        string path = _folder.NewPath();

        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(() => ClusteredIndex.Open(path));
        Assert.AreEqual(path, error.FileName);
    }

    [TestMethod]
    public void Open_of_an_open_file_is_refused_and_so_is_building_over_it()
    {
        string path = _folder.NewPath();
        using ClusteredIndex index = ClusteredIndex.Create(path, 2);
        index.Add([1], [1, 2]);
        string start =
            $"Index file '{path}' must not be open elsewhere, since one index at a time may change it. Got: ";

        StringAssert.StartsWith(
            Assert.ThrowsExactly<IOException>(() => ClusteredIndex.Open(path)).Message, start);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<IOException>(() => ClusteredIndex.Build(path, [], 2)).Message, start);
        index.Compact();
        StringAssert.StartsWith(
            Assert.ThrowsExactly<IOException>(() => ClusteredIndex.Open(path)).Message, start);
        Assert.AreEqual(1, index.Count);
    }

    [TestMethod]
    public void Build_from_rows_that_break_a_rule_is_refused_and_leaves_no_file()
    {
        AssertRefused<ArgumentException>(
            "ids must differ. Got -4 twice. Nothing was built.", [Batch([1, -4], [0, 0, 1, 1]), Batch([-4], [2, 2])]);
        AssertRefused<ArgumentException>(
            "vectors must be [1, 2] = 2 values long. Got 3. (Parameter 'vectors')", [Batch([1], [1, 2, 3])]);
        AssertRefused<ArgumentException>(
            "vectors must be finite. Got NaN or infinity in row 1. (Parameter 'vectors')",
            [Batch([1, 2], [1, 2, float.NaN, 3])]);
        AssertRefused<ArgumentException>(
            "ids must be below 9223372036854775807. Got it.", [Batch([long.MaxValue], [1, 2])]);
    }

    [TestMethod]
    public void Build_from_a_source_that_changes_is_refused()
    {
        int enumeration = 0;
        IEnumerable<VectorBatch> Source(params long[] second)
        {
            bool isFirst = enumeration++ % 2 == 0;
            yield return isFirst ? Batch([1, 2], [1, 2, 3, 4]) : Batch(second, new float[second.Length * 2]);
        }

        const string Message = "The source must give the same rows twice. Got others the second time.";
        AssertRefused<InvalidOperationException>(Message, Source(1));
        AssertRefused<InvalidOperationException>(Message, Source(1, 2, 3));
        AssertRefused<InvalidOperationException>(Message, Source(1, 3));
        AssertRefused<InvalidOperationException>(Message, Source(1, 2));
    }

    [TestMethod]
    public void Removal_goes_on_where_no_new_file_may_be_made()
    {
        bool isRefused = false;
        using ClusteredIndex index = ClusteredIndex.Create(
            _folder.NewPath(), 1, Metric.SquaredEuclidean, new ClusteredSettings { RemovedShare = 0.1 }, Look);
        long[] ids = [.. Enumerable.Range(0, 400).Select(row => (long)row)];
        index.Add(ids, new float[400]);
        index.Remove(ids[..300]);
        isRefused = true;

        index.Remove([300]);

        Assert.AreEqual(99, index.Count);
        isRefused = false;
        index.Compact();
        Assert.AreEqual(99, index.Count);

        void Look(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            if (isRefused && RandomAccess.GetLength(file) == 0)
                throw new UnauthorizedAccessException("Access to the path is denied.");
        }
    }

    [TestMethod]
    public void Removal_goes_on_where_another_entry_is_damaged()
    {
        var rows = new ClusteredRows(1000, 8, Metric.SquaredEuclidean, 3);
        string path = _folder.NewPath();
        rows.Build(path, new ClusteredSettings { RemovedShare = 0.1, MemoryBytes = 16 << 20 }).Dispose();
        long page = IndexFormat.Align(ForgedIndex.Read(path).Header.PostingsAt, IndexFormat.PageBytes);
        byte[] damaged = File.ReadAllBytes(path);
        damaged[page + 77] ^= 1;
        File.WriteAllBytes(path, damaged);
        using ClusteredIndex index = ClusteredIndex.Open(path);

        for (int start = 0; start < 500; start += 100) index.Remove(rows.Ids[start..(start + 100)]);

        Assert.AreEqual(500, index.Count);
        Assert.ThrowsExactly<InvalidDataException>(index.Compact);
        Assert.HasCount(1, _folder.Files());
    }

    [TestMethod]
    public void Removals_that_find_no_room_for_a_new_file_ask_for_it_seldom()
    {
        bool isRefused = false;
        int asked = 0;
        using ClusteredIndex index = ClusteredIndex.Create(
            _folder.NewPath(),
            1,
            Metric.SquaredEuclidean,
            new ClusteredSettings { RemovedShare = 0.2, FlushEachChange = false },
            Look);
        index.Add([.. Enumerable.Range(0, 2000).Select(row => (long)row)], new float[2000]);
        isRefused = true;

        for (long id = 0; id < 1000; id++) index.Remove([id]);

        Assert.AreEqual(2, asked, "by the removals after 401 and 802 others");
        Assert.AreEqual(1000, index.Count);

        void Look(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            if (!isRefused || RandomAccess.GetLength(file) > 0) return;
            asked++;
            throw new IOException("No space left on device.");
        }
    }

    [TestMethod]
    public void Closed_index_refuses_everything()
    {
        ClusteredIndex index = ClusteredIndex.Create(_folder.NewPath(), 1);
        index.Add([1], [1]);
        index.Dispose();
        index.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Search([1], 1, new NeighborTable()));
        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Add([2], [1]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Remove([1]));
        Assert.ThrowsExactly<ObjectDisposedException>(index.Compact);
        Assert.ThrowsExactly<ObjectDisposedException>(index.Flush);
    }

    private static VectorBatch Batch(long[] ids, float[] vectors) => new(ids, vectors);

    private void AssertRefused<TError>(string message, IEnumerable<VectorBatch> source)
        where TError : Exception
    {
        Refusal.Assert<TError>(message, () => ClusteredIndex.Build(_folder.NewPath(), source, 2));
        Assert.HasCount(0, _folder.Files());
    }

    /// <summary>A span that says it is longer than what there is, which nothing may read.</summary>
    private static ReadOnlySpan<T> Claimed<T>(int count)
        where T : unmanaged
        => MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(new T[1]), count);
}
