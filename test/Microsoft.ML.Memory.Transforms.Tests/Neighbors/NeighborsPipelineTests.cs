// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborsPipelineTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Chain_with_transforms_before_and_after_fits_on_rows_and_finds_for_queries()
    {
        Place[] places = Places.Draw(300, seed: 1);
        Place[] queries = Places.Draw(80, seed: 2);
        var pipeline = _mlContext.Transforms.Concatenate("Both", "Features", "Features")
            .AppendCacheCheckpoint(_mlContext)
            .Append(_mlContext.Transforms.NearestNeighbors(Places.Options with { FeatureColumnName = "Both" }))
            .Append(_mlContext.Transforms.CopyColumns("Near", "NeighborIds"));

        IDataView found = pipeline.Fit(Places.View(_mlContext, places)).Transform(Places.View(_mlContext, queries));

        PlaceNeighbors[] expected = Places.Find(_mlContext, Places.Fit(_mlContext, places), queries);
        long[][] near = [.. found.GetColumn<long[]>("Near")];
        for (int row = 0; row < queries.Length; row++)
            CollectionAssert.AreEqual(expected[row].NeighborIds, near[row], $"row {row}");
    }

    [TestMethod]
    public void One_estimator_fits_every_fold_anew()
    {
        Place[] places = Places.Draw(90, seed: 1);
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(Places.Options);

        foreach (var fold in _mlContext.Data.CrossValidationSplit(Places.View(_mlContext, places), numberOfFolds: 3))
        {
            HashSet<long> train = [.. fold.TrainSet.GetColumn<long>("Id")];
            IDataView found = estimator.Fit(fold.TrainSet).Transform(fold.TestSet);

            long[][] neighbors = [.. found.GetColumn<long[]>("NeighborIds")];
            Assert.IsNotEmpty(neighbors);
            Assert.IsTrue(neighbors.All(ids => ids.Length == 3 && ids.All(train.Contains)));
            Assert.IsFalse(found.GetColumn<long>("Id").Any(train.Contains));
        }
    }

    [TestMethod]
    public void Prediction_engines_of_several_threads_agree_with_transform()
    {
        Place[] queries = Places.Draw(200, seed: 2);
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Draw(500, seed: 1, firstId: 100), Places.Options with { LeavesOutSameId = true });
        PlaceNeighbors[] expected = Places.Find(_mlContext, lookup, queries);
        var actual = new PlaceNeighbors[queries.Length];

        Parallel.For(0, 4, thread =>
        {
            var engine = _mlContext.Model.CreatePredictionEngine<Place, PlaceNeighbors>(lookup);
            for (int row = thread; row < queries.Length; row += 4) actual[row] = engine.Predict(queries[row]);
        });

        Places.AssertSame(expected, actual);
    }

    [TestMethod]
    public void Editing_beside_searches_disturbs_no_search()
    {
        Place[] queries = Places.Draw(50, seed: 2);
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Draw(100, seed: 1));
        PlaceNeighbors[] expected = Places.Find(_mlContext, lookup, queries);

        Parallel.For(0, 8, thread =>
        {
            NearestNeighborsTransformer own = lookup;
            for (int step = 0; step < 20; step++)
            {
                own = own.Add(Places.View(_mlContext, Places.Draw(2, step, 1000 + (10 * step)))).Remove(step);
                Places.AssertSame(expected, Places.Find(_mlContext, lookup, queries));
            }
        });
    }

    [TestMethod]
    public void Several_cursors_cache_and_shuffle_serve_the_same_values()
    {
        Place[] queries = Places.Draw(3000, seed: 2);
        IDataView found = Places.Fit(_mlContext, Places.Draw(300, seed: 1)).Transform(
            Places.View(_mlContext, queries));
        string[] expected = [.. Lines(found)];

        DataViewRowCursor[] cursors = found.GetRowCursorSet(found.Schema, 3);
        string[] parallel = [.. cursors.SelectMany(ReadAll)];

        Assert.HasCount(queries.Length, expected);
        CollectionAssert.AreEquivalent(expected, parallel);
        CollectionAssert.AreEqual(expected, Lines(_mlContext.Data.Cache(found)).ToArray());
        CollectionAssert.AreEquivalent(expected, Lines(_mlContext.Data.ShuffleRows(found, seed: 1)).ToArray());
    }

    [TestMethod]
    public void Cursor_without_neighbour_columns_reads_no_features()
    {
        Place[] queries = Places.Draw(3, seed: 2);
        queries[1].Features = [1];
        IDataView found = Places.Fit(_mlContext, Places.Draw(30, seed: 1)).Transform(Places.View(_mlContext, queries));

        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, found.GetColumn<long>("Id").ToArray());
    }

    [TestMethod]
    public void A_pass_allocates_nothing_for_its_rows()
    {
        IDataView short_ = Found(2000);
        IDataView long_ = Found(8000);
        Read(short_);
        Read(long_);

        long few = Read(short_);
        long many = Read(long_);

        // What a block of 1,024 rows costs, not a row, which would cost at least the 24 bytes of an object.
        Assert.IsLessThan(few + (6000 * 8), many);

        IDataView Found(int count)
            => Places.Fit(_mlContext, Places.Draw(40, seed: 1)).Transform(
                Places.View(_mlContext, Places.Draw(count, seed: 2)));

        static long Read(IDataView view)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadReusing(view);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void ReadReusing(IDataView view)
    {
        DataViewSchema.Column[] columns = [view.Schema["NeighborIds"], view.Schema["NeighborName"]];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        ValueGetter<VBuffer<long>> ids = cursor.GetGetter<VBuffer<long>>(columns[0]);
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> names = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(columns[1]);
        VBuffer<long> id = default;
        VBuffer<ReadOnlyMemory<char>> name = default;
        while (cursor.MoveNext())
        {
            ids(ref id);
            names(ref name);
        }
    }

    private static List<string> Lines(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        return ReadAll(cursor);
    }

    private static List<string> ReadAll(DataViewRowCursor cursor)
    {
        var lines = new List<string>();
        ValueGetter<long> id = cursor.GetGetter<long>(cursor.Schema["Id"]);
        ValueGetter<VBuffer<long>> ids = cursor.GetGetter<VBuffer<long>>(cursor.Schema["NeighborIds"]);
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> names =
            cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(cursor.Schema["NeighborName"]);
        long own = 0;
        VBuffer<long> near = default;
        VBuffer<ReadOnlyMemory<char>> name = default;
        while (cursor.MoveNext())
        {
            id(ref own);
            ids(ref near);
            names(ref name);
            lines.Add($"{own}: {string.Join(' ', near.DenseValues())} {string.Join(' ', name.DenseValues())}");
        }

        cursor.Dispose();
        return lines;
    }
}
