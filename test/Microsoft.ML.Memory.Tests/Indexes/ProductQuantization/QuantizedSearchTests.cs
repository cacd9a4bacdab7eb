// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed class QuantizedSearchTests
{
    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_that_ranks_all_vectors_again_is_exact(Metric metric)
    {
        var rows = new ClusteredRows(700, 10, metric, 1);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: true);

        Assert.IsNotNull(index.Quantizer);
        ClusteredRows.AssertSame(rows.Exact(), index, rows.Queries, 20);
        AssertSame(rows.Exact(), index, rows.Queries, 700, null);
        AssertSame(rows.Exact(), index, rows.Queries, 70, null);
        AssertSame(rows.Exact(), index, rows.Queries, 5, new SearchOptions { CandidateCount = 700 });
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_of_few_candidates_gives_exact_distances_of_what_it_finds(Metric metric)
    {
        var rows = new ClusteredRows(1500, 8, metric, 2);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: true);
        NeighborTable all = new(), found = new();
        rows.Exact().Search(rows.Queries, 1500, all);

        index.Search(rows.Queries, 9, found, new SearchOptions { CandidateCount = 20 });

        for (int query = 0; query < found.QueryCount; query++)
        {
            var expected = Enumerable.Range(0, 1500).ToDictionary(
                rank => all.IdsOf(query)[rank], rank => (Rank: rank, Distance: all.DistancesOf(query)[rank]));
            int last = -1;
            Assert.AreEqual(9, found.CountOf(query));
            for (int rank = 0; rank < 9; rank++)
            {
                (int place, float distance) = expected[found.IdsOf(query)[rank]];
                Assert.AreEqual(distance, found.DistancesOf(query)[rank]);
                Assert.IsGreaterThan(last, place, "nearest first, and none twice");
                last = place;
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(16)]
    public void One_row_far_from_all_others_does_not_blur_the_choice_among_them(int subspaceCount)
    {
        var rows = new ClusteredRows(4000, 16, Metric.SquaredEuclidean, 6);
        double without = Found(rows, subspaceCount);
        rows.Vectors.AsSpan(0, 16).Fill(1e4f);

        Assert.IsGreaterThan(without - 0.05, Found(rows, subspaceCount));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(16)]
    public void Long_rows_do_not_blur_the_choice_among_the_others_by_inner_product(int subspaceCount)
    {
        var rows = new ClusteredRows(4000, 16, Metric.InnerProduct, 6);
        double without = Found(rows, subspaceCount);
        for (int row = 0; row < 5; row++)
        {
            Span<float> values = rows.Vectors.AsSpan(row * 16 * 700, 16);
            TensorPrimitives.Multiply(values, 1e6f, values);
        }

        Assert.IsGreaterThan(without - 0.05, Found(rows, subspaceCount));
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_of_codes_alone_is_exact_about_what_the_codes_stand_for(Metric metric)
    {
        var rows = new ClusteredRows(900, 8, metric, 3);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: false);
        float[] vectors = [.. rows.Vectors];
        if (metric == Metric.Cosine) UnitRow.ScaleAll(vectors, 8);
        var exact = new FlatIndex(8, metric);
        exact.Add(rows.Ids, QuantizedRows.Decoded(index.Quantizer!, vectors));

        ClusteredRows.AssertSame(exact, index, rows.Queries, 12);
    }

    [TestMethod]
    [DataRow(Metric.Cosine, 0.95)]
    [DataRow(Metric.SquaredEuclidean, 0.95)]
    [DataRow(Metric.InnerProduct, 0.9)]
    public void Search_finds_more_neighbours_the_more_candidates_it_ranks_again(Metric metric, double floor)
    {
        var rows = new ClusteredRows(3000, 16, metric, 4);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: true);
        double last = 0;
        foreach (int candidates in (int[])[10, 30, 100, 2999])
        {
            double recall = rows.Recall(index, 10, new SearchOptions { CandidateCount = candidates });
            Assert.IsGreaterThanOrEqualTo(last, recall, $"{candidates}");
            last = recall;
        }

        Assert.IsGreaterThanOrEqualTo(floor, rows.Recall(index, 10));
        Assert.IsGreaterThan(
            rows.Recall(QuantizedRows.Trained(rows, keepVectors: false), 10), rows.Recall(index, 10));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Search_looks_codes_up_alike_on_every_processor(bool keepVectors)
    {
        if (QuantizedWidths.Best == QuantizedWidth.Plain)
            Assert.Inconclusive("This processor cannot permute 64 bytes at once (AVX-512 VBMI).");
        var rows = new ClusteredRows(1000, 9, Metric.SquaredEuclidean, 5);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors, subspaceCount: 9);
        index.Remove(rows.Ids[..30]);
        NeighborTable plain = new(), wide = new();
        foreach (int candidates in (int[])[1, 7, 100])
        {
            var options = new SearchOptions { CandidateCount = candidates };
            index.Search(rows.Queries, candidates, plain, options, QuantizedWidth.Plain);
            index.Search(rows.Queries, candidates, wide, options, QuantizedWidth.Permute512);
            AssertSame(plain, wide);
        }
    }

    [TestMethod]
    public void Search_gives_the_same_whatever_the_threads()
    {
        var rows = new ClusteredRows(2000, 8, Metric.Cosine, 6);
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: true);
        NeighborTable one = new(), four = new();

        index.Search(rows.Queries, 10, one, new SearchOptions { ThreadCount = 1 });
        index.Search(rows.Queries, 10, four, new SearchOptions { ThreadCount = 4 });

        AssertSame(one, four);
    }

    [TestMethod]
    public void Search_with_a_strict_filter_finds_all_that_pass()
    {
        var rows = new ClusteredRows(2000, 8, Metric.SquaredEuclidean, 7);
        HashSet<long> few = [.. rows.Ids.Where((_, row) => row % 300 == 7)];
        QuantizedIndex index = QuantizedRows.Trained(rows, keepVectors: true);
        var found = new NeighborTable();

        index.Search(rows.Queries, 7, found, new SearchOptions { CandidateCount = 7, Filter = few.Contains });

        for (int query = 0; query < found.QueryCount; query++)
            CollectionAssert.AreEquivalent(few.ToArray(), found.IdsOf(query).ToArray());
    }

    [TestMethod]
    public void Search_of_values_too_large_for_tables_compares_all_vectors()
    {
        const float Huge = 3e38f;
        var settings = new QuantizedSettings { TrainingCount = 4, CandidateFactor = 1 };
        var index = new QuantizedIndex(1, Metric.SquaredEuclidean, settings);
        index.Add([0, 1, 2, 3], [Huge, -Huge, 1, 2]);
        var found = new NeighborTable();

        index.Search([-Huge, 2.9f], 1, found);

        Assert.IsNotNull(index.Quantizer);
        Assert.AreEqual(1, found.IdsOf(0)[0]);
        Assert.AreEqual(3, found.IdsOf(1)[0]);
    }

    internal static void AssertSame(
        IVectorIndex exact, IVectorIndex index, float[] queries, int k, SearchOptions? options)
    {
        NeighborTable expected = new(), found = new();
        exact.Search(queries, k, expected);
        index.Search(queries, k, found, options);
        AssertSame(expected, found);
    }

    /// <summary>Gives the share of the 10 nearest that an index of codes and vectors finds.</summary>
    private static double Found(ClusteredRows rows, int subspaceCount)
    {
        NeighborTable truth = new(), found = new();
        rows.Exact().Search(rows.Queries, 10, truth);
        QuantizedRows.Trained(rows, keepVectors: true, subspaceCount).Search(rows.Queries, 10, found);
        return Enumerable.Range(0, truth.QueryCount).Average(
            query => truth.IdsOf(query).ToArray().Intersect(found.IdsOf(query).ToArray()).Count() / 10.0);
    }

    private static void AssertSame(NeighborTable expected, NeighborTable found)
    {
        Assert.AreEqual(expected.QueryCount, found.QueryCount);
        for (int query = 0; query < expected.QueryCount; query++)
        {
            CollectionAssert.AreEqual(expected.IdsOf(query).ToArray(), found.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(expected.DistancesOf(query).ToArray(), found.DistancesOf(query).ToArray());
        }
    }
}
