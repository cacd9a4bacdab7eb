// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Tests;

namespace Microsoft.ML.Memory.Trainers.Tests.Indexes;

/// <summary>The index on a torch device finds what the exact index finds, to the bit.</summary>
[TestClass]
public sealed class TorchVectorIndexTests
{
    private static readonly Metric[] _metrics = Enum.GetValues<Metric>();

    private static readonly VectorEncoding[] _encodings = Enum.GetValues<VectorEncoding>();

    [TestInitialize]
    public void Initialize() => TorchTests.Require();

    public static IEnumerable<object[]> Cases =>
        from metric in _metrics from encoding in _encodings select new object[] { metric, encoding };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_finds_what_the_exact_index_finds(Metric metric, VectorEncoding encoding)
    {
        var random = new SeededRandom(1);
        float[] vectors = Gaussian(random, 9000 * 24), queries = Gaussian(random, 40 * 24);

        AssertSame(metric, encoding, 24, vectors, queries, 50, onHost: 0);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_beside_scattered_long_rows_leaves_nothing_to_the_host(Metric metric, VectorEncoding encoding)
    {
        var random = new SeededRandom(6);
        float[] vectors = Gaussian(random, 12_000 * 24), queries = Gaussian(random, 40 * 24);
        for (int i = 0; i < vectors.Length; i++)
        {
            if (i / 24 % 200 == 0) vectors[i] *= 1e5f;
        }

        AssertSame(metric, encoding, 24, vectors, queries, 50, onHost: 0);
        AssertSame(metric, encoding, 24, vectors, queries[..24], 50, onHost: 0);
    }

    [TestMethod]
    public void TryGetVector_gives_the_vector_as_it_was_added()
    {
        var options = new TorchVectorIndexOptions { Encoding = VectorEncoding.SignedByte };
        using var index = new TorchVectorIndex(2, options: options);
        index.Add([7, 8], [0.1f, -3, 1e-20f, 2]);
        index.Remove([7]);
        float[] vector = new float[2];

        Assert.IsFalse(index.TryGetVector(7, vector));
        Assert.IsTrue(index.TryGetVector(8, vector));
        CollectionAssert.AreEqual(new[] { 1e-20f, 2 }, vector);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_with_one_query_finds_what_the_exact_index_finds(Metric metric, VectorEncoding encoding)
    {
        var random = new SeededRandom(2);
        float[] vectors = Gaussian(random, 5000 * 33), query = Gaussian(random, 33);

        AssertSame(metric, encoding, 33, vectors, query, 10, onHost: 0);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_among_all_but_equal_vectors_finds_what_the_exact_index_finds(
        Metric metric, VectorEncoding encoding)
    {
        var random = new SeededRandom(3);
        float[] near = Gaussian(random, 8), vectors = new float[3000 * 8];
        for (int i = 0; i < vectors.Length; i++)
            vectors[i] = near[i % 8] * (1 + (random.Next(4) / (float)(1 << 23)));

        AssertSame(metric, encoding, 8, vectors, Gaussian(random, 5 * 8), 7);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_among_magnitudes_that_codes_do_not_hold_finds_what_the_exact_index_finds(
        Metric metric, VectorEncoding encoding)
    {
        var random = new SeededRandom(4);
        float[] vectors = Gaussian(random, 800 * 5), queries = Gaussian(random, 30 * 5);
        float[] scales = [1, 0, 1e-38f, 1e-45f, 1e30f, 1e38f, 7e4f, 1e-5f, 1e13f];
        for (int i = 0; i < vectors.Length; i++) vectors[i] *= scales[i / 5 % scales.Length];
        for (int i = 0; i < queries.Length; i++) queries[i] *= scales[i / 5 % scales.Length];
        for (int i = 0; i < vectors.Length; i++) vectors[i] = Math.Clamp(vectors[i], -3e38f, 3e38f);
        for (int i = 0; i < queries.Length; i++) queries[i] = Math.Clamp(queries[i], -3e38f, 3e38f);

        AssertSame(metric, encoding, 5, vectors, queries, 9);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_after_any_changes_finds_what_the_exact_index_finds(Metric metric, VectorEncoding encoding)
        => Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(), (byte[] changes) => AssertSameAfter(metric, encoding, changes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(6).WithReplay(5, 7));

    [TestMethod]
    public void Search_beside_removals_keeps_to_the_entries_of_its_beginning()
    {
        using var index = new TorchVectorIndex(1, Metric.SquaredEuclidean);
        index.Add([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var found = new NeighborTable();
        bool isFirst = true;

        index.Search([0], 3, found, new SearchOptions
        {
            Filter = _ =>
            {
                if (isFirst) index.Remove([1]);
                isFirst = false;
                return true;
            },
        });

        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, found.IdsOf(0).ToArray());
        index.Search([0], 3, found);
        CollectionAssert.AreEqual(new long[] { 0, 2, 3 }, found.IdsOf(0).ToArray());
    }

    [TestMethod]
    public void Add_that_the_device_refuses_adds_nothing()
    {
        var nowhere = new TorchSharp.torch.Device(TorchSharp.DeviceType.CUDA, 99);
        using var index = new TorchVectorIndex(new MemoryBank(1), nowhere, VectorEncoding.Single);

        string first = Assert.Throws<InvalidOperationException>(() => index.Add([1], [1])).Message;
        string second = Assert.Throws<InvalidOperationException>(() => index.Add([1], [1])).Message;

        Assert.AreEqual(first, second);
        Assert.AreEqual(0, index.Count);
        index.Search([1], 1, new NeighborTable());
    }

    [TestMethod]
    public void Dispose_frees_once_and_later_calls_are_refused()
    {
        var index = new TorchVectorIndex(1);
        index.Add([1], [1]);

        index.Dispose();
        index.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Count);
        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Add([2], [2]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Remove([1]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Search([1], 1, new NeighborTable()));
    }

    [TestMethod]
    public void Create_with_options_that_are_none_is_refused()
        => Refusal.Assert<ArgumentException>(
            "TorchVectorIndexOptions.Device must be null, cpu, cuda or cuda:N. Got gpu. "
            + "TorchVectorIndexOptions.Encoding must be an encoding. Got 3.",
            () => new TorchVectorIndex(
                1, options: new TorchVectorIndexOptions { Device = "gpu", Encoding = (VectorEncoding)3 }));

    [TestMethod]
    public void Create_on_a_device_that_is_not_there_is_refused()
    {
        int count = TorchSharp.torch.cuda.is_available() ? TorchSharp.torch.cuda.device_count() : 0;

        Refusal.Assert<InvalidOperationException>(
            "TorchVectorIndexOptions.Device must be a device that libtorch finds. "
            + $"Got cuda:255 where it finds {count} CUDA devices. "
            + "Use cpu, or TorchSharp-cuda-linux or -windows on a machine with such a device and its driver.",
            () => new TorchVectorIndex(1, options: new TorchVectorIndexOptions { Device = "cuda:255" }));
    }

    private static void AssertSame(
        Metric metric,
        VectorEncoding encoding,
        int dimension,
        float[] vectors,
        float[] queries,
        int k,
        int? onHost = null)
    {
        var exact = new FlatIndex(dimension, metric);
        using var index = new TorchVectorIndex(
            dimension, metric, new TorchVectorIndexOptions { Encoding = encoding });
        long[] ids = [.. Enumerable.Range(0, vectors.Length / dimension).Select(i => (long)(i * 3))];
        exact.Add(ids, vectors);
        index.Add(ids, vectors);

        AssertSame(exact, index, queries, k, null, onHost);
        AssertSame(exact, index, queries, k, id => id % 2 == 0, onHost);
    }

    private static void AssertSame(
        FlatIndex exact, TorchVectorIndex index, float[] queries, int k, Func<long, bool>? filter, int? onHost)
    {
        NeighborTable expected = new(), found = new();
        exact.Search(queries, k, expected, new SearchOptions { Filter = filter });
        int left = index.Answer(queries, k, found, new SearchOptions { Filter = filter });

        Neighbors.AssertSame(expected, found);
        if (onHost is { } most) Assert.AreEqual(most, left);
    }

    private static void AssertSameAfter(Metric metric, VectorEncoding encoding, byte[] changes)
    {
        const int Dimension = 3;
        var random = new SeededRandom(changes.Length);
        var exact = new FlatIndex(Dimension, metric);
        using var index = new TorchVectorIndex(
            Dimension, metric, new TorchVectorIndexOptions { Encoding = encoding });
        var stored = new List<long>();
        long next = 0;
        foreach (byte change in changes)
        {
            if (change % 3 == 0 && stored.Count > 0)
            {
                long id = stored[change % stored.Count];
                exact.Remove([id]);
                index.Remove([id]);
                stored.Remove(id);
                continue;
            }

            long[] ids = [.. Enumerable.Range(0, change).Select(_ => next++)];
            float[] vectors = [.. ids.SelectMany(_ => Enumerable.Range(0, 3).Select(_ => (float)random.Next(4)))];
            exact.Add(ids, vectors);
            index.Add(ids, vectors);
            stored.AddRange(ids);
        }

        Assert.AreEqual(exact.Count, index.Count);
        float[] queries = Gaussian(random, 4 * Dimension);
        AssertSame(exact, index, queries, 5, null, null);
        AssertSame(exact, index, queries, 500, id => id % 3 != 1, null);
    }

    private static float[] Gaussian(SeededRandom random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)random.NextGaussian();
        return values;
    }
}
