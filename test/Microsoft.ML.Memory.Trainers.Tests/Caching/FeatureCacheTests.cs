// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Caching;

[TestClass]
public sealed class FeatureCacheTests
{
    private const double HalfRounding = 1.0 / 2048; // relative: 11 bits of mantissa

    [TestMethod]
    public void Read_in_any_order_gives_what_was_written()
    {
        TorchTests.Require();
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), RoundTripHolds)
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20_261_121, 7));
    }

    [TestMethod]
    public void Read_of_half_precision_rounds_to_eleven_bits()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using FeatureCache cache = FeatureCache.Create(folder.File("c"), Layout(2, FeatureCachePrecision.Half));
        float[] values = [1.0001f, -65504, 0, 3.14159f, 1e-3f, 100, 7, 8, 9, 10, 11, 12];

        cache.Write(0, [TensorData.From(values, [2, 2, 3])]);

        float[] read = TensorData.ToArray(cache.Read([0, 1])[0]);
        for (int i = 0; i < values.Length; i++)
            Assert.AreEqual(values[i], read[i], HalfRounding * Math.Abs(values[i]));
        Assert.AreNotEqual(values[0], read[0]);
    }

    [TestMethod]
    public void Write_of_a_number_too_large_for_half_precision_is_refused()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using FeatureCache cache = FeatureCache.Create(folder.File("c"), Layout(1, FeatureCachePrecision.Half));

        Refusal.Assert<ArgumentException>(
            "Numbers of a feature cache of half precision must be finite and at most 65504 in magnitude. Got others. "
            + "Choose single precision.",
            () => cache.Write(0, [full([1, 2, 3], 70000f)]));
    }

    [TestMethod]
    public void Dispose_deletes_the_file_unless_it_is_kept()
    {
        TorchTests.Require();
        using var folder = new TemporaryFolder();

        FeatureCache.Create(folder.File("gone"), Layout(1)).Dispose();
        FeatureCache.Create(folder.File("kept"), Layout(1), keep: true).Dispose();

        Assert.IsFalse(File.Exists(folder.File("gone")));
        Assert.IsTrue(File.Exists(folder.File("kept")));
    }

    [TestMethod]
    public void Open_of_a_kept_file_gives_its_rows()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        float[] values = Kept(folder);

        using FeatureCache cache = FeatureCache.Open(folder.File("c"), Layout(2));

        CollectionAssert.AreEqual(values, TensorData.ToArray(cache.Read([0, 1])[0]));
    }

    [TestMethod]
    public void Open_of_a_file_of_something_else_is_refused()
    {
        TorchTests.Require();
        using var folder = new TemporaryFolder();
        Kept(folder);
        string path = folder.File("c");
        const string Start = "Section 'taps' of the memory file, at byte 20, must ";

        Refuse(new FeatureCacheLayout("other", "key", [[2, 3]], 2, FeatureCachePrecision.Single),
            Start + "be of this backbone, 'other'. Got 'hash'.");
        Refuse(new FeatureCacheLayout("hash", "other", [[2, 3]], 2, FeatureCachePrecision.Single),
            Start + "be of this method and data, 'other'. Got 'key'.");
        Refuse(Layout(2, FeatureCachePrecision.Half), Start + "have this precision, '1'. Got '0'.");
        Refuse(Layout(3), Start + "have this number of rows, '3'. Got '2'.");
        Refuse(new FeatureCacheLayout("hash", "key", [[2, 3], [1]], 2, FeatureCachePrecision.Single),
            Start + "have this number of taps, '2'. Got '1'.");
        Refuse(new FeatureCacheLayout("hash", "key", [[3, 2]], 2, FeatureCachePrecision.Single),
            Start + "have taps of this size, '3'. Got '2'.");

        void Refuse(FeatureCacheLayout layout, string message) =>
            Refusal.Assert<InvalidDataException>(message, () => FeatureCache.Open(path, layout).Dispose());
    }

    [TestMethod]
    public void Open_of_a_file_with_any_damaged_byte_is_refused_or_its_row_is()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Kept(folder);
        byte[] good = File.ReadAllBytes(folder.File("c"));
        const int Header = 101, Rows = 4096, RowStride = 64, Row = 8 + (6 * sizeof(float));
        var meaningful = Enumerable.Range(0, good.Length)
            .Where(place => place < Header || (place >= Rows && (place - Rows) % RowStride < Row));

        foreach (int place in meaningful)
        {
            byte[] bad = [.. good];
            bad[place] ^= 4;
            File.WriteAllBytes(folder.File("bad"), bad);
            Assert.ThrowsExactly<InvalidDataException>(() => ReadAll(folder.File("bad")), $"byte {place}");
        }
    }

    [TestMethod]
    public void Open_of_a_file_cut_short_is_refused()
    {
        TorchTests.Require();
        using var folder = new TemporaryFolder();
        Kept(folder);
        byte[] good = File.ReadAllBytes(folder.File("c"));

        File.WriteAllBytes(folder.File("bad"), good[..^1]);
        InvalidDataException cut = Assert.ThrowsExactly<InvalidDataException>(() => ReadAll(folder.File("bad")));
        File.WriteAllBytes(folder.File("bad"), good[..40]);
        Assert.ThrowsExactly<InvalidDataException>(() => ReadAll(folder.File("bad")));

        StringAssert.EndsWith(cut.Message, $"must be of {good.Length} bytes. Got {good.Length - 1}.");
    }

    [TestMethod]
    public void Open_of_a_file_with_a_missing_row_is_refused()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = folder.File("c");
        using (FeatureCache cache = FeatureCache.Create(path, Layout(3), keep: true))
            cache.Write(0, [ones([2, 2, 3])]);

        Refusal.Assert<InvalidDataException>(
            $"The feature cache '{path}' must have all rows. Got one without row 2. Make it anew.",
            () => FeatureCache.Open(path, Layout(3)).Dispose());
    }

    [TestMethod]
    public void Read_after_a_row_was_written_again_gives_its_new_numbers()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using FeatureCache cache = FeatureCache.Create(folder.File("c"), Layout(2));
        cache.Write(0, [ones([2, 2, 3])]);
        cache.Read([1, 0, 1]);

        cache.Write(1, [full([1, 2, 3], 7f)]);

        float[] read = TensorData.ToArray(cache.Read([0, 1])[0]);
        CollectionAssert.AreEqual(new float[] { 1, 1, 1, 1, 1, 1, 7, 7, 7, 7, 7, 7 }, read);
    }

    [TestMethod]
    public void Create_without_room_on_the_disk_is_refused()
    {
        TorchTests.Require();
        using var folder = new TemporaryFolder();
        var huge = new FeatureCacheLayout("hash", "key", [[1 << 28]], 1L << 26, FeatureCachePrecision.Single);
        string path = folder.File("c");
        long length = 4096 + (huge.RowCount * huge.RowStride);

        Refusal.Assert<IOException>(
            $"The feature cache must have room for {length} bytes at '{path}'. Got a disk without. "
            + "Make room there, or set CacheFeatures to false.",
            () => FeatureCache.Create(path, huge).Dispose());
    }

    [TestMethod]
    public void Calls_that_do_not_fit_the_layout_are_refused()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using FeatureCache cache = FeatureCache.Create(folder.File("c"), Layout(2));
        cache.Write(0, [ones([1, 2, 3])]);

        Refusal.Assert<ArgumentException>(
            "Tap 0 must be [1, 2, 3]. Got [1, 3, 2]. (Parameter 'taps')", () => cache.Write(0, [ones([1, 3, 2])]));
        Refusal.Assert<ArgumentException>(
            "taps must be 1. Got 2. (Parameter 'taps')", () => cache.Write(0, [ones([1, 2, 3]), ones([1, 2, 3])]));
        Refusal.Assert<ArgumentException>(
            "Rows must be in [0, 2). Got 2 from 1 on. (Parameter 'firstRow')", () => cache.Write(1, [ones([2, 2, 3])]));
        Refusal.Assert<ArgumentException>("Rows must be in [0, 2). Got 2.", () => cache.Read([2]));
        Refusal.Assert<InvalidOperationException>(
            "Row 1 of the feature cache must be written before it is read.", () => cache.Read([0, 1]));
    }

    [TestMethod]
    public void Layout_of_impossible_sizes_is_refused()
    {
        Refuse("rowCount must be at least 1. Got 0.", [[1]], 0);
        Refuse("shapes must be 1 to 16384. Got 0.", [], 1);
        Refuse("shapes must have up to 8 sizes above 0. Got [2, 0].", [[2, 0]], 1);
        Refuse("shapes must take at most 2147483519 bytes an example. Got 4294967296.", [[1 << 30]], 1);

        static void Refuse(string message, long[][] shapes, long rows) => Refusal.Assert<ArgumentException>(
            message, () => _ = new FeatureCacheLayout("hash", "key", shapes, rows, FeatureCachePrecision.Single));
    }

    private static FeatureCacheLayout Layout(
        long rows, FeatureCachePrecision precision = FeatureCachePrecision.Single) =>
        new("hash", "key", [[2, 3]], rows, precision);

    private static float[] Kept(TemporaryFolder folder)
    {
        using var scope = NewDisposeScope();
        using FeatureCache cache = FeatureCache.Create(folder.File("c"), Layout(2), keep: true);
        Tensor tap = TensorInit.Normal(new SeededRandom(1), [2, 2, 3], 1, CPU);
        cache.Write(0, [tap]);
        return TensorData.ToArray(tap);
    }

    private static void ReadAll(string path)
    {
        using var scope = NewDisposeScope();
        using FeatureCache cache = FeatureCache.Open(path, Layout(2));
        cache.Read([0, 1]);
    }

    private static bool RoundTripHolds(int seed)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var random = new SeededRandom(seed);
        int rows = 1 + random.Next(9);
        long[][] shapes = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Shape())];
        var layout = new FeatureCacheLayout("hash", "key", shapes, rows, FeatureCachePrecision.Single);
        using FeatureCache cache = FeatureCache.Create(folder.File("c"), layout);
        Tensor[] taps = [.. shapes.Select(s => TensorInit.Normal(random, [rows, .. s], 1, CPU))];
        int first = random.Next(rows + 1);
        if (first < rows) cache.Write(first, [.. taps.Select(t => t.narrow(0, first, rows - first))]);
        if (first > 0) cache.Write(0, [.. taps.Select(t => t.narrow(0, 0, first))]);

        long[] order = [.. Enumerable.Range(0, 12).Select(_ => random.Next((long)rows))];
        Tensor[] read = cache.Read(order);

        return taps.Zip(read).All(pair => TensorData.ToArray(pair.First.index_select(0, tensor(order)))
            .SequenceEqual(TensorData.ToArray(pair.Second)));

        long[] Shape() => [.. Enumerable.Range(0, random.Next(4)).Select(_ => 1 + random.Next(5L))];
    }
}
