// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed class QuantizedEditTests
{
    [TestMethod]
    public void Addition_that_reaches_the_training_count_trains_once()
    {
        var rows = new ClusteredRows(300, 8, Metric.SquaredEuclidean, 1);
        var index = new QuantizedIndex(8, rows.Metric, new QuantizedSettings { TrainingCount = 200 });

        index.Add(rows.Ids[..199], rows.Vectors[..(199 * 8)]);
        Assert.IsNull(index.Quantizer);
        index.Add(rows.Ids[199..201], rows.Vectors[(199 * 8)..(201 * 8)]);
        ProductQuantizer? quantizer = index.Quantizer;
        Assert.IsNotNull(quantizer);
        Assert.AreEqual((8, 1), (quantizer.Dimension, quantizer.SubspaceCount));
        index.Add(rows.Ids[201..], rows.Vectors[(201 * 8)..]);
        index.Remove(rows.Ids[..250]);

        Assert.AreSame(quantizer, index.Quantizer);
    }

    [TestMethod]
    public void Removal_of_many_takes_memory_for_what_is_marked_and_not_for_each()
    {
        var index = new QuantizedIndex(1, Metric.SquaredEuclidean);
        long[] ids = [.. Enumerable.Range(0, 9_000).Select(row => (long)row)];
        index.Add(ids, new float[9_000]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        index.Remove(ids[7_500..]);

        Assert.IsLessThan(200_000, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(7_500, index.Count);
    }

    [TestMethod]
    public void Removed_before_training_count_for_nothing()
    {
        var rows = new ClusteredRows(300, 8, Metric.SquaredEuclidean, 2);
        var settings = new QuantizedSettings { TrainingCount = 150, SubspaceCount = 2 };
        QuantizedIndex edited = new(8, rows.Metric, settings), straight = new(8, rows.Metric, settings);
        edited.Add(rows.Ids[..140], rows.Vectors[..(140 * 8)]);
        edited.Remove(rows.Ids[..100]);
        edited.Add(rows.Ids[140..240], rows.Vectors[(140 * 8)..(240 * 8)]);
        Assert.IsNull(edited.Quantizer);

        edited.Add(rows.Ids[240..250], rows.Vectors[(240 * 8)..(250 * 8)]);
        straight.Add(rows.Ids[100..250], rows.Vectors[(100 * 8)..(250 * 8)]);

        CollectionAssert.AreEqual(QuantizedRows.Save(straight), QuantizedRows.Save(edited));
    }

    [TestMethod]
    [DataRow(Metric.Cosine, true)]
    [DataRow(Metric.SquaredEuclidean, true)]
    [DataRow(Metric.InnerProduct, true)]
    [DataRow(Metric.Cosine, false)]
    public void Edits_before_and_after_training_leave_what_is_left(Metric metric, bool keepVectors)
    {
        var rows = new ClusteredRows(1200, 6, metric, 3);
        var settings = new QuantizedSettings { TrainingCount = 500, SubspaceCount = 6, KeepVectors = keepVectors };
        var index = new QuantizedIndex(6, metric, settings);
        var live = new List<int>();
        for (int start = 0; start < 1200; start += 100)
        {
            index.Add(rows.Ids.AsSpan(start, 100), rows.Vectors.AsSpan(start * 6, 600));
            live.AddRange(Enumerable.Range(start, 100));
            int[] gone = [.. live.Where((_, place) => place % 7 == 3)];
            index.Remove([.. gone.Select(row => rows.Ids[row])]);
            live.RemoveAll(gone.Contains);
        }

        float[] vectors = [.. live.SelectMany(rows.Row)];
        if (!keepVectors)
        {
            if (metric == Metric.Cosine) UnitRow.ScaleAll(vectors, 6);
            vectors = QuantizedRows.Decoded(index.Quantizer!, vectors);
        }

        var exact = new FlatIndex(6, metric);
        exact.Add([.. live.Select(row => rows.Ids[row])], vectors);
        ClusteredRows.AssertSame(exact, index, rows.Queries, 30);
    }

    [TestMethod]
    public void All_removed_then_added_again_are_found_by_the_same_codebooks()
    {
        var rows = new ClusteredRows(400, 8, Metric.Cosine, 4);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: true);
        index.Remove(rows.Ids);
        Assert.AreEqual(0, index.Count);

        index.Add(rows.Ids, rows.Vectors);

        Assert.IsNotNull(index.Quantizer);
        Assert.IsGreaterThanOrEqualTo(0.9, rows.Recall(index, 10));
        ClusteredRows.AssertSame(rows.Exact(), index, rows.Queries, 10);
    }

    [TestMethod]
    public void Refused_additions_leave_the_index_as_it_was()
    {
        var rows = new ClusteredRows(300, 4, Metric.Cosine, 5);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: false);
        byte[] before = QuantizedRows.Save(index);

        Assert.ThrowsExactly<ArgumentException>(() => index.Add([9_000_001, rows.Ids[7]], new float[8]));
        Assert.ThrowsExactly<ArgumentException>(() => index.Add([9_000_001], [1, 2, 3, float.NaN]));
        Assert.ThrowsExactly<KeyNotFoundException>(() => index.Remove([rows.Ids[0], 9_000_001]));

        CollectionAssert.AreEqual(before, QuantizedRows.Save(index));
    }

    [TestMethod]
    public void Settings_out_of_range_are_named_all_at_once()
    {
        Refusal.Assert<ArgumentException>(
            "QuantizedSettings.SubspaceCount must be null or in [1, 256]. Got 0. "
            + "QuantizedSettings.TrainingCount must be at least 1. Got 0. "
            + "QuantizedSettings.Iterations must be in [1, 1000]. Got -1. "
            + "QuantizedSettings.CandidateFactor must be at least 1. Got 0.",
            () => _ = new QuantizedIndex(2, Metric.Cosine, new QuantizedSettings
            {
                SubspaceCount = 0,
                TrainingCount = 0,
                Iterations = -1,
                CandidateFactor = 0,
            }));
        Refusal.Assert<ArgumentException>(
            "QuantizedSettings.SubspaceCount must be at most the dimension, 2. Got 3.",
            () => _ = new QuantizedIndex(2, Metric.Cosine, new QuantizedSettings { SubspaceCount = 3 }));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(15, 1)]
    [DataRow(16, 2)]
    [DataRow(784, 98)]
    [DataRow(4096, 256)]
    public void Subspaces_are_an_eighth_of_the_dimension_unless_told(int dimension, int expected)
        => Assert.AreEqual(expected, new QuantizedSettings().SubspacesOf(dimension));
}
