// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes;

/// <summary>Reading vectors back, and the file of the exact index.</summary>
[TestClass]
public sealed class StoredVectorTests
{
    private delegate bool Get(long id, Span<float> vector);

    [TestMethod]
    public void TryGetVector_gives_the_vector_as_it_was_added()
    {
        var flat = new FlatIndex(2);
        AssertGivesBack(flat, flat.TryGetVector);
        foreach (VectorEncoding encoding in Enum.GetValues<VectorEncoding>())
        {
            var graph = new GraphIndex(2, Metric.Cosine, new GraphSettings { Encoding = encoding });
            AssertGivesBack(graph, graph.TryGetVector);
        }

        var untrained = new QuantizedIndex(2);
        AssertGivesBack(untrained, untrained.TryGetVector);
        var kept = new QuantizedIndex(2, settings: new QuantizedSettings { TrainingCount = 1, KeepVectors = true });
        AssertGivesBack(kept, kept.TryGetVector);
        using var folder = new IndexFolder();
        using ClusteredIndex clustered = ClusteredIndex.Create(folder.NewPath(), 2);
        AssertGivesBack(clustered, clustered.TryGetVector);
    }

    [TestMethod]
    public void TryGetVector_of_codes_alone_gives_what_the_code_stands_for()
    {
        var settings = new QuantizedSettings { TrainingCount = 2, SubspaceCount = 1, KeepVectors = false };
        var index = new QuantizedIndex(2, Metric.SquaredEuclidean, settings);
        index.Add([1, 2], [1, 2, 30, 40]);
        index.Add([3], [29, 41]);
        float[] vector = new float[2];

        Assert.IsTrue(index.TryGetVector(3, vector));

        CollectionAssert.AreEqual(new float[] { 30, 40 }, vector);
    }

    [TestMethod]
    public void TryGetVector_refuses_a_span_of_another_length()
    {
        var index = new FlatIndex(2);
        index.Add([1], [1, 2]);

        var error = Assert.ThrowsExactly<ArgumentException>(() => index.TryGetVector(1, new float[3]));

        Assert.AreEqual("vector must be [d] = 2 values long. Got 3. (Parameter 'vector')", error.Message);
    }

    [TestMethod]
    public void Load_gives_back_what_was_saved()
    {
        var index = new FlatIndex(2, Metric.SquaredEuclidean);
        index.Add([5, 9, -1], [1, 2, 3, 4, 5, 6]);
        index.Remove([9]);
        using var file = new MemoryStream();

        index.Save(file);
        file.Position = 0;
        FlatIndex loaded = FlatIndex.Load(file, ScanPrecision.SignedByte);

        var found = new NeighborTable();
        loaded.Search([5, 6], 10, found);
        CollectionAssert.AreEqual(new long[] { -1, 5 }, found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 32 }, found.DistancesOf(0).ToArray());
        Assert.AreEqual(Metric.SquaredEuclidean, loaded.Metric);
        loaded.Add([9], [7, 8]);
        Assert.AreEqual(3, loaded.Count);
    }

    [TestMethod]
    public void Load_refuses_a_memory_that_is_not_searched_exactly()
    {
        var bank = new MemoryBank(2);
        bank.AddRange([1, 2, 3, 4], [0, 0]);
        BankSnapshot coded = BankQuantizer.Attach(bank.Snapshot(), new QuantizedSettings { KeepVectors = false });
        using var file = new MemoryStream();
        new MemoryBank(coded).Save(file);
        file.Position = 0;

        var error = Assert.ThrowsExactly<InvalidDataException>(() => FlatIndex.Load(file));

        Assert.AreEqual(
            "FlatIndex.Load's stream must hold a memory of Exact search. Got one of Quantized search; read it by "
            + "MemoryBank.Load.",
            error.Message);
    }

    [TestMethod]
    public void Load_refuses_a_precision_that_is_none()
    {
        using var file = new MemoryStream();
        new FlatIndex(2).Save(file);
        file.Position = 0;

        var error = Assert.ThrowsExactly<ArgumentException>(() => FlatIndex.Load(file, (ScanPrecision)9));

        Assert.AreEqual("precision must be a precision. Got 9. (Parameter 'precision')", error.Message);
    }

    private static void AssertGivesBack(IVectorIndex index, Get tryGet)
    {
        index.Add([7, 8], [0.1f, -3, 1e-20f, 2]);
        float[] vector = new float[2];

        Assert.IsTrue(tryGet(8, vector));
        CollectionAssert.AreEqual(new[] { 1e-20f, 2 }, vector);
        Assert.IsTrue(tryGet(7, vector));
        CollectionAssert.AreEqual(new[] { 0.1f, -3 }, vector);

        index.Remove([7]);
        Assert.IsFalse(tryGet(7, vector));
        CollectionAssert.AreEqual(new[] { 0.1f, -3 }, vector);
    }
}
