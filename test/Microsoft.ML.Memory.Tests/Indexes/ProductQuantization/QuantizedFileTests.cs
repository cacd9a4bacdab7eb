// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed class QuantizedFileTests
{
    [TestMethod]
    [DataRow(Metric.Cosine, true)]
    [DataRow(Metric.SquaredEuclidean, false)]
    [DataRow(Metric.InnerProduct, true)]
    public void Load_gives_the_index_that_was_saved(Metric metric, bool keepVectors)
    {
        var rows = new ClusteredRows(500, 7, metric, 1);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors, subspaceCount: 3);
        index.Remove(rows.Ids[10..40]);
        byte[] saved = QuantizedRows.Save(index);

        QuantizedIndex loaded = QuantizedIndex.Load(new MemoryStream(saved));

        Assert.AreEqual((7, metric, 470), (loaded.Dimension, loaded.Metric, loaded.Count));
        Assert.AreEqual(index.Settings, loaded.Settings);
        QuantizedSearchTests.AssertSame(index, loaded, rows.Queries, 15, null);
        ClusteredRows.AssertSame(index, loaded, rows.Queries, 470);
        CollectionAssert.AreEqual(saved, QuantizedRows.Save(loaded));
    }

    [TestMethod]
    public void Load_of_an_index_goes_on_where_it_was()
    {
        var rows = new ClusteredRows(400, 5, Metric.SquaredEuclidean, 2);
        var settings = new QuantizedSettings { TrainingCount = 300, Seed = 12 };
        var index = new QuantizedIndex(5, rows.Metric, settings);
        index.Add(rows.Ids[..250], rows.Vectors[..1250]);
        QuantizedIndex untrained = QuantizedIndex.Load(new MemoryStream(QuantizedRows.Save(index)));
        Assert.IsNull(untrained.Quantizer);

        foreach (QuantizedIndex each in (QuantizedIndex[])[index, untrained])
            each.Add(rows.Ids[250..350], rows.Vectors[1250..1750]);
        QuantizedIndex trained = QuantizedIndex.Load(new MemoryStream(QuantizedRows.Save(untrained)));
        foreach (QuantizedIndex each in (QuantizedIndex[])[index, trained])
            each.Add(rows.Ids[350..], rows.Vectors[1750..]);

        Assert.IsNotNull(index.Quantizer);
        CollectionAssert.AreEqual(QuantizedRows.Save(index), QuantizedRows.Save(trained));
    }

    [TestMethod]
    public void Load_of_nothing_is_an_empty_index()
    {
        QuantizedIndex index = QuantizedIndex.Load(
            new MemoryStream(QuantizedRows.Save(new QuantizedIndex(3, Metric.InnerProduct))));

        Assert.AreEqual((3, Metric.InnerProduct, 0), (index.Dimension, index.Metric, index.Count));
        Assert.IsNull(index.Quantizer);
    }

    [TestMethod]
    public void Saved_codes_alone_hold_no_vector_and_no_removed_id()
    {
        var rows = new ClusteredRows(300, 8, Metric.SquaredEuclidean, 3);
        const long Secret = 0x1234_5678_9ABC_DEF0;
        QuantizedIndex kept = QuantizedRows.Trained(rows, keepVectors: true);
        QuantizedIndex coded = QuantizedRows.Trained(rows, keepVectors: false);
        coded.Add([Secret], rows.Vectors[..8]);
        Assert.IsTrue(Contains(QuantizedRows.Save(coded), BitConverter.GetBytes(Secret)));

        coded.Remove([Secret]);

        Assert.IsFalse(Contains(QuantizedRows.Save(coded), BitConverter.GetBytes(Secret)));
        ReadOnlySpan<byte> vector = MemoryMarshal.AsBytes(rows.Vectors.AsSpan(80, 8));
        Assert.IsTrue(Contains(QuantizedRows.Save(kept), vector));
        Assert.IsFalse(Contains(QuantizedRows.Save(coded), vector));
    }

    [TestMethod]
    public void Saved_vectors_of_removed_entries_are_gone()
    {
        var rows = new ClusteredRows(300, 8, Metric.SquaredEuclidean, 4);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: true);

        index.Remove([rows.Ids[10]]);

        Assert.IsFalse(Contains(QuantizedRows.Save(index), MemoryMarshal.AsBytes(rows.Vectors.AsSpan(80, 8))));
        Assert.IsTrue(Contains(QuantizedRows.Save(index), MemoryMarshal.AsBytes(rows.Vectors.AsSpan(88, 8))));
    }

    private static bool Contains(byte[] file, ReadOnlySpan<byte> bytes) => file.AsSpan().IndexOf(bytes) >= 0;
}
