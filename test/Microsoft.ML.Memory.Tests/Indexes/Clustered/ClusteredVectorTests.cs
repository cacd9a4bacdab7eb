// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>Reading vectors back from lists.</summary>
[TestClass]
public sealed class ClusteredVectorTests
{
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void TryGetVector_gives_the_vectors_of_all_lists_and_those_added(Metric metric)
    {
        var rows = new ClusteredRows(600, 5, metric, 1);
        string path = _folder.NewPath();
        using (ClusteredIndex index = rows.Build(path))
        {
            index.Add([9_000], rows.Vectors.AsSpan(0, 5));
            index.Remove([rows.Ids[1], rows.Ids[2]]);
            index.Add([rows.Ids[2]], rows.Vectors.AsSpan(50, 5));
        }

        rows.Vectors.AsSpan(50, 5).CopyTo(rows.Vectors.AsSpan(10, 5));
        for (int opening = 0; opening < 2; opening++)
        {
            using ClusteredIndex index = ClusteredIndex.Open(path);
            float[] vector = new float[5];
            Assert.IsFalse(index.TryGetVector(rows.Ids[1], vector));
            Assert.IsFalse(index.TryGetVector(9_001, vector));
            CollectionAssert.AreEqual(new float[5], vector);
            Assert.IsTrue(index.TryGetVector(9_000, vector));
            CollectionAssert.AreEqual(rows.Vectors[..5], vector);
            for (int row = 2; row < 600; row++) AssertGives(rows, row, index);
            index.Compact();
        }
    }

    [TestMethod]
    public void TryGetVector_of_a_file_of_version_1_asks_all_lists_until_it_is_written_anew()
    {
        var rows = new ClusteredRows(100, 3, Metric.SquaredEuclidean, 2);
        string path = _folder.NewPath();
        rows.Build(path).Dispose();
        ForgedIndex first = ForgedIndex.Read(path).WithHeaderField(8, 1);
        first = first.With(first.Header.HomesAt, -1L); // nothing there counts
        File.WriteAllBytes(path, first.WithHeaderField(8, 1).File);
        using (ClusteredIndex index = ClusteredIndex.Open(path))
        {
            index.Add([9_000], rows.Vectors.AsSpan(0, 3));
            for (int row = 0; row < 100; row++) AssertGives(rows, row, index);
        }

        Assert.AreEqual(1u, ForgedIndex.Read(path).Header.Version);
        using (ClusteredIndex index = ClusteredIndex.Open(path))
        {
            index.Compact();
            for (int row = 0; row < 100; row++) AssertGives(rows, row, index);
        }

        Assert.AreEqual(2u, ForgedIndex.Read(path).Header.Version);
    }

    [TestMethod]
    public void TryGetVector_refuses_a_span_of_another_length_and_a_closed_index()
    {
        ClusteredIndex index = ClusteredIndex.Create(_folder.NewPath(), 2);
        index.Add([1], [1, 2]);

        Refusal.Assert<ArgumentException>(
            "vector must be [d] = 2 values long. Got 3. (Parameter 'vector')",
            () => index.TryGetVector(1, new float[3]));
        index.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => index.TryGetVector(1, new float[2]));
    }

    private static void AssertGives(ClusteredRows rows, int row, ClusteredIndex index)
    {
        float[] vector = new float[rows.Dimension];
        Assert.IsTrue(index.TryGetVector(rows.Ids[row], vector), $"row {row}");
        CollectionAssert.AreEqual(rows.Row(row), vector, $"row {row}");
    }
}
