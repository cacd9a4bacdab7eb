// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NearestNeighborsTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Transform_gives_ids_distances_and_stored_values_nearest_first()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);

        PlaceNeighbors found = Places.Find(_mlContext, lookup, new Place { Id = 7, Features = [0, 1] }).Single();

        CollectionAssert.AreEqual(new long[] { 10, 12, 11 }, found.NeighborIds);
        CollectionAssert.AreEqual(new float[] { 1, 9, 10 }, found.NeighborDistances);
        CollectionAssert.AreEqual(new[] { "zero", "four", "three" }, found.NeighborName);
        CollectionAssert.AreEqual(new float[] { 1, 3, 2 }, found.NeighborHeight);
    }

    [TestMethod]
    [DataRow(Metric.Cosine, new long[] { 11, 13, 10 }, new[] { 0f, 0.4f, 1f })]
    [DataRow(Metric.InnerProduct, new long[] { 11, 13, 10 }, new[] { -6f, -6f, 0f })]
    public void Transform_measures_by_the_metric(Metric metric, long[] ids, float[] distances)
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { Metric = metric });

        PlaceNeighbors found = Places.Find(_mlContext, lookup, new Place { Features = [2, 0] }).Single();

        CollectionAssert.AreEqual(ids, found.NeighborIds);
        for (int rank = 0; rank < ids.Length; rank++)
            Assert.AreEqual(distances[rank], found.NeighborDistances[rank], 1e-7f);
    }

    [TestMethod]
    public void Neighbours_at_equal_distance_come_in_the_order_of_adding()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners.Reverse());

        PlaceNeighbors found = Places.Find(_mlContext, lookup, new Place { Features = [1.5f, 2] }).Single();

        CollectionAssert.AreEqual(new long[] { 13, 12, 11 }, found.NeighborIds);
    }

    [TestMethod]
    public void Own_id_is_left_out_where_asked_for()
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { LeavesOutSameId = true, NeighborCount = 2 });

        PlaceNeighbors[] found = Places.Find(_mlContext, lookup, Places.Corners);

        CollectionAssert.AreEqual(new long[] { 11, 12 }, found[0].NeighborIds);
        CollectionAssert.AreEqual(new long[] { 10, 13 }, found[1].NeighborIds);
        CollectionAssert.AreEqual(new long[] { 13, 10 }, found[2].NeighborIds);
        CollectionAssert.AreEqual(new float[] { 9, 16 }, found[3].NeighborDistances);
        CollectionAssert.AreEqual(new[] { "four", "three" }, found[3].NeighborName);
    }

    [TestMethod]
    public void Without_a_count_all_within_the_distance_are_given()
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext,
            [.. Places.Corners, .. Places.Draw(2000, seed: 4, firstId: 100)],
            Places.Options with { NeighborCount = null, LargestDistance = 16, LeavesOutSameId = true });

        PlaceNeighbors[] found = Places.Find(_mlContext, lookup, Places.Corners);

        Assert.IsGreaterThan(300, found[0].NeighborIds.Length);
        Assert.IsTrue(found.All(row => row.NeighborDistances.All(distance => distance <= 16)));
        CollectionAssert.AreEqual(found[0].NeighborDistances.Order().ToArray(), found[0].NeighborDistances);
        CollectionAssert.IsSubsetOf(new long[] { 11, 12 }, found[0].NeighborIds);
        CollectionAssert.DoesNotContain(found[0].NeighborIds, 10L);
    }

    [TestMethod]
    [DataRow("Int32", -3)]
    [DataRow("UInt32", 4_000_000_000)]
    [DataRow("Int64", -5_000_000_000)]
    public void Ids_of_any_type_are_stored_and_left_out(string idColumnName, long first)
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(row => new AnyValues
        {
            Int32 = unchecked((int)(first + row)),
            UInt32 = unchecked((uint)(first + row)),
            Int64 = first + row,
            Features = [row * row],
        }));

        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            IdColumnName = idColumnName,
            LeavesOutSameId = true,
            NeighborCount = 2,
            Metric = Metric.SquaredEuclidean,
        }).Fit(rows);

        long[][] ids = [.. lookup.Transform(rows).GetColumn<long[]>("NeighborIds")];
        CollectionAssert.AreEqual(new[] { first + 1, first + 2 }, ids[0]);
        CollectionAssert.AreEqual(new[] { first + 2, first + 1 }, ids[3]);
    }

    [TestMethod]
    public void An_id_that_is_not_stored_leaves_nothing_out()
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { LeavesOutSameId = true, NeighborCount = 2 });

        PlaceNeighbors found = Places.Find(_mlContext, lookup, new Place { Id = 99, Features = [0, 0] }).Single();

        CollectionAssert.AreEqual(new long[] { 10, 11 }, found.NeighborIds);
    }

    [TestMethod]
    public void Own_id_behind_many_duplicates_still_leaves_k_neighbours()
    {
        Place[] same = [.. Enumerable.Range(0, 6).Select(id => new Place { Id = id, Features = [1, 1] })];
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, same, Places.Options with { LeavesOutSameId = true, NeighborCount = 2 });

        PlaceNeighbors[] found = Places.Find(_mlContext, lookup, same);

        CollectionAssert.AreEqual(new long[] { 1, 2 }, found[0].NeighborIds);
        CollectionAssert.AreEqual(new long[] { 0, 2 }, found[1].NeighborIds);
        CollectionAssert.AreEqual(new long[] { 0, 1 }, found[5].NeighborIds);
    }

    [TestMethod]
    [DataRow(9f, 2)]
    [DataRow(8.9f, 1)]
    [DataRow(0f, 0)]
    public void Largest_distance_cuts(float largest, int expected)
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { LargestDistance = largest });

        PlaceNeighbors found = Places.Find(_mlContext, lookup, new Place { Features = [0, 1] }).Single();

        Assert.HasCount(expected, found.NeighborIds);
        Assert.HasCount(expected, found.NeighborName);
    }

    [TestMethod]
    public void Largest_distance_counts_what_is_left_without_the_own_row()
    {
        NearestNeighborsOptions options = Places.Options with { LargestDistance = 9, LeavesOutSameId = true };
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners, options);

        PlaceNeighbors[] found = Places.Find(_mlContext, lookup, Places.Corners);

        CollectionAssert.AreEqual(new long[] { 11 }, found[0].NeighborIds);
        CollectionAssert.AreEqual(new long[] { 13 }, found[2].NeighborIds);
    }

    [TestMethod]
    public void Rows_without_id_column_are_numbered_from_zero()
    {
        IDataView rows = Places.View(_mlContext, Places.Corners);
        NearestNeighborsTransformer lookup = _mlContext.Transforms
            .NearestNeighbors(neighborCount: 4, storedColumnNames: ["Id"]).Fit(rows);

        IDataView found = lookup.Transform(rows);

        CollectionAssert.AreEquivalent(new long[] { 0, 1, 2, 3 }, found.GetColumn<long[]>("NeighborIds").First());
        long[][] stored = [.. found.GetColumn<long[]>("NeighborId")];
        Assert.AreEqual(11, stored[1][0]);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Transform_agrees_with_a_flat_index(Metric metric)
    {
        Place[] stored = Places.Draw(700, seed: 1);
        Place[] queries = Places.Draw(300, seed: 2);
        var index = new FlatIndex(2, metric);
        index.Add([.. stored.Select(place => place.Id)], [.. stored.SelectMany(place => place.Features)]);
        var expected = new NeighborTable();
        index.Search([.. queries.SelectMany(place => place.Features)], 25, expected);

        PlaceNeighbors[] found = Places.Find(
            _mlContext,
            Places.Fit(_mlContext, stored, Places.Options with { Metric = metric, NeighborCount = 25 }),
            queries);

        Assert.HasCount(queries.Length, found);
        for (int row = 0; row < found.Length; row++)
        {
            CollectionAssert.AreEqual(expected.IdsOf(row).ToArray(), found[row].NeighborIds, $"row {row}");
            CollectionAssert.AreEqual(expected.DistancesOf(row).ToArray(), found[row].NeighborDistances);
        }
    }

    [TestMethod]
    public void Output_columns_may_be_renamed()
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext,
            Places.Corners,
            Places.Options with { IdsColumnName = "Near", DistancesColumnName = "HowNear", StoredColumnNames = [] });

        DataViewSchema schema = lookup.GetOutputSchema(Places.View(_mlContext, Places.Corners).Schema);

        CollectionAssert.AreEqual(
            new[] { "Id", "Name", "Height", "Features", "Near", "HowNear" },
            schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void Schema_promised_is_schema_kept()
    {
        IDataView data = Places.View(_mlContext, Places.Corners);
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(Places.Options);

        SchemaShape promised = estimator.GetOutputSchema(Schemas.ShapeOf(data));
        NearestNeighborsTransformer lookup = estimator.Fit(data);

        Schemas.AssertKept(promised, lookup.Transform(data).Schema);
        Schemas.AssertKept(promised, lookup.GetOutputSchema(data.Schema));
    }

    [TestMethod]
    public void A_name_that_the_input_has_already_hides_the_former()
    {
        IDataView data = Places.View(_mlContext, Places.Corners);
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(
            Places.Options with { DistancesColumnName = "Height", StoredColumnNames = ["Height"] });

        SchemaShape promised = estimator.GetOutputSchema(Schemas.ShapeOf(data));
        IDataView found = estimator.Fit(data).Transform(data);

        Schemas.AssertKept(promised, found.Schema);
        CollectionAssert.AreEqual(new[] { 0f, 9f, 16f }, found.GetColumn<float[]>("Height").First());
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, found.GetColumn<float[]>("NeighborHeight").First());
    }

    [TestMethod]
    public void Counts_and_settings_are_told()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);

        Assert.AreEqual(4, lookup.Count);
        Assert.AreEqual(2, lookup.Dimension);
        Assert.AreEqual(3, lookup.Options.NeighborCount);
        Assert.IsTrue(lookup.IsRowToRowMapper);
    }
}
