// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborsBadInputTests
{
    private const string NotStorable = "must hold a text, number, Boolean, date or time span, or a vector of them "
        + "with a fixed size, to be stored. Got";

    private const string Remedy =
        "Store what it stands for: map a key with mlContext.Transforms.Conversion.MapKeyToValue.";

    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    [DataRow("Features")]
    [DataRow("Id")]
    [DataRow("Name")]
    public void A_missing_column_is_named_beside_those_there_are(string missing)
    {
        IDataView data = _mlContext.Transforms.DropColumns(missing).Fit(Places.View(_mlContext, []))
            .Transform(Places.View(_mlContext, Places.Corners));
        string others = string.Join(", ", new[] { "Id", "Name", "Height", "Features" }
            .Where(name => name != missing).Select(name => $"'{name}'"));
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(Places.Options);
        string expected = $"Column '{missing}' must be in the data. Got columns {others}.";

        Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(data)).Message);
        SchemaShape shape = Schemas.ShapeOf(data);
        Assert.AreEqual(
            expected, Assert.ThrowsExactly<ArgumentException>(() => estimator.GetOutputSchema(shape)).Message);
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);
        Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => lookup.Add(data)).Message);
    }

    [TestMethod]
    public void Transform_needs_features_and_no_more_unless_the_same_id_is_left_out()
    {
        IDataView queries = _mlContext.Transforms.SelectColumns("Features").Fit(Places.View(_mlContext, []))
            .Transform(Places.View(_mlContext, Places.Corners));
        NearestNeighborsTransformer leaving = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { LeavesOutSameId = true });

        IDataView found = Places.Fit(_mlContext, Places.Corners).Transform(queries);

        Assert.AreEqual(10, found.GetColumn<long[]>("NeighborIds").First()[0]);
        const string Expected = "Column 'Id' must be in the data. Got columns 'Features'.";
        Assert.AreEqual(
            Expected, Assert.ThrowsExactly<ArgumentException>(() => leaving.Transform(queries)).Message);
        Assert.AreEqual(
            Expected,
            Assert.ThrowsExactly<ArgumentException>(() => leaving.GetOutputSchema(queries.Schema)).Message);
        Assert.AreEqual(
            Expected,
            Assert.ThrowsExactly<ArgumentException>(() => leaving.GetRowToRowMapper(queries.Schema)).Message);
    }

    [TestMethod]
    public void Features_of_another_type_are_refused()
    {
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors("Height");
        IDataView data = Places.View(_mlContext, Places.Corners);
        const string Remedy = "Make one with mlContext.Transforms.Concatenate, "
            + "mlContext.Transforms.Conversion.ConvertType or a VectorType attribute that states the size.";

        Assert.AreEqual(
            $"Column 'Height' must be a vector of Single with a fixed size. Got Single. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(data)).Message);
        Assert.AreEqual(
            $"Column 'Height' must be a vector of Single with a fixed size. Got Scalar of Single. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(
                () => estimator.GetOutputSchema(Schemas.ShapeOf(data))).Message);
    }

    [TestMethod]
    public void Ids_of_another_type_are_refused()
    {
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(idColumnName: "Name");
        IDataView data = Places.View(_mlContext, Places.Corners);

        Assert.AreEqual(
            "Column 'Name' must be of type Int64 or Int32 or UInt32 or UInt64. Got String. "
            + "Convert it with mlContext.Transforms.Conversion.ConvertType.",
            Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(data)).Message);
        Assert.AreEqual(
            "Column 'Name' must be of type Int64 or Int32 or UInt32 or UInt64. Got Scalar of String. "
            + "Convert it with mlContext.Transforms.Conversion.ConvertType.",
            Assert.ThrowsExactly<ArgumentException>(
                () => estimator.GetOutputSchema(Schemas.ShapeOf(data))).Message);
    }

    [TestMethod]
    public void A_vector_of_any_size_and_a_key_cannot_be_stored()
    {
        IDataView tagged = _mlContext.Data.LoadFromEnumerable([new Tagged { Name = "zero", Words = ["no", "thing"] }]);
        IDataView odd = _mlContext.Transforms.Conversion.MapValueToKey("Name").Fit(tagged).Transform(tagged);
        NearestNeighborsEstimator vectors = _mlContext.Transforms.NearestNeighbors(storedColumnNames: "Words");
        NearestNeighborsEstimator keys = _mlContext.Transforms.NearestNeighbors(storedColumnNames: "Name");

        Assert.AreEqual(
            $"Column 'Words' {NotStorable} Vector<String>. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => vectors.Fit(odd)).Message);
        Assert.AreEqual(
            $"Column 'Name' {NotStorable} Key<UInt32, 0-0>. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => keys.Fit(odd)).Message);
        Assert.AreEqual(
            $"Column 'Words' {NotStorable} VariableVector of String. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => vectors.GetOutputSchema(Schemas.ShapeOf(odd))).Message);
        Assert.AreEqual(
            $"Column 'Name' {NotStorable} Scalar of key UInt32. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => keys.GetOutputSchema(Schemas.ShapeOf(odd))).Message);
    }

    [TestMethod]
    public void Added_rows_must_hold_the_types_that_are_stored()
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { StoredColumnNames = ["Height"] });
        IDataView rows = _mlContext.Transforms.CopyColumns("Height", "Name").Fit(Places.View(_mlContext, []))
            .Transform(Places.View(_mlContext, [new Place { Id = 1 }]));

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => lookup.Add(rows));

        Assert.AreEqual(
            "Column 'Height' must be of type Single. Got String. "
            + "Convert it with mlContext.Transforms.Conversion.ConvertType.",
            error.Message);
    }

    [TestMethod]
    public void Features_of_another_size_are_refused()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);
        IDataView data = _mlContext.Transforms.Concatenate("Features", "Features", "Height")
            .Fit(Places.View(_mlContext, [])).Transform(Places.View(_mlContext, Places.Corners));
        const string Expected = "Column 'Features' must be a vector of 2 values to match the memory. Got 3. "
            + "Use the features that the memory was trained on.";

        Assert.AreEqual(Expected, Assert.ThrowsExactly<ArgumentException>(() => lookup.Transform(data)).Message);
        Assert.AreEqual(Expected, Assert.ThrowsExactly<ArgumentException>(() => lookup.Add(data)).Message);
    }

    [TestMethod]
    public void No_row_at_all_is_an_error()
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Places.Fit(_mlContext, []));

        Assert.AreEqual(
            "NearestNeighborsEstimator.Fit must see at least one row. Got none. Check the data.", error.Message);
    }

    [TestMethod]
    public void More_neighbours_than_rows_is_allowed_and_said()
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { NeighborCount = int.MaxValue, LeavesOutSameId = true });

        Assert.HasCount(3, Places.Find(_mlContext, lookup, Places.Corners)[0].NeighborIds);
        CollectionAssert.AreEqual(
            new[]
            {
                "NearestNeighborsOptions.NeighborCount should be at most the number of stored rows, 4. "
                + "Got 2147483647. All of them are neighbours until more are added.",
            },
            _warnings);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void A_feature_that_is_no_number_names_its_row(float value)
    {
        Place[] places = Places.Corners;
        places[2].Features[1] = value;
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Draw(5, seed: 1));
        const string Expected = "The features of row 2 must be finite numbers. Got NaN or infinity. "
            + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.";

        Assert.AreEqual(
            Expected,
            Assert.ThrowsExactly<InvalidOperationException>(() => Places.Fit(_mlContext, places)).Message);
        Assert.AreEqual(
            Expected,
            Assert.ThrowsExactly<InvalidOperationException>(
                () => lookup.Add(Places.View(_mlContext, places))).Message);
        Assert.AreEqual(5, lookup.Count);
    }

    [TestMethod]
    public void Queries_that_are_no_numbers_have_no_neighbours_and_are_reported_once()
    {
        Place[] queries = Places.Draw(2000, seed: 2);
        foreach (int row in (int[])[7, 1500]) queries[row].Features = [1, float.NaN];
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);

        PlaceNeighbors[] found = Places.Find(_mlContext, lookup, queries);

        CollectionAssert.AreEqual(
            new[] { 7, 1500 },
            Enumerable.Range(0, 2000).Where(row => found[row].NeighborIds.Length == 0).ToArray());
        Assert.IsEmpty(found[7].NeighborName);
        CollectionAssert.AreEqual(
            new[]
            {
                "Column 'Features' should hold finite numbers. Got NaN or infinity in 2 of 2000 rows, first in row 7; "
                + "they have no neighbours.",
            },
            _warnings);
    }

    [TestMethod]
    public void A_query_that_breaks_the_declared_size_is_named()
    {
        Place[] queries = Places.Corners;
        queries[1].Features = [1];
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Places.Find(_mlContext, lookup, queries));

        Assert.AreEqual(
            "Column 'Features' must hold 2 values in every row. Got 1 in row 1.",
            (error.InnerException ?? error).Message);
    }

    [TestMethod]
    public void A_repeated_id_is_named_with_its_row()
    {
        Place[] places = Places.Draw(5000, seed: 1);
        places[4999].Id = 2;
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);

        Assert.AreEqual(
            "Column 'Id' must hold ids that are free and differ. Got 2 again in row 4999.",
            Assert.ThrowsExactly<ArgumentException>(() => Places.Fit(_mlContext, places)).Message);
        Assert.AreEqual(
            "Column 'Id' must hold ids that are free and differ. Got 11 again in row 1.",
            Assert.ThrowsExactly<ArgumentException>(
                () => lookup.Add(Places.View(_mlContext, [new Place { Id = 20 }, new Place { Id = 11 }]))).Message);
        Assert.AreEqual(4, lookup.Count);
    }

    [TestMethod]
    public void The_largest_id_of_all_is_refused()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => Places.Fit(_mlContext, [new Place { Id = long.MaxValue }]));

        Assert.AreEqual("Column 'Id' must hold ids below 9223372036854775807. Got it in row 0.", error.Message);
    }

    [TestMethod]
    public void An_unknown_id_is_named_and_nothing_is_removed()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);
        PlaceNeighbors[] before = Places.Find(_mlContext, lookup, Places.Corners);

        Assert.AreEqual(
            "ids must be stored. Got 77, which is not. Nothing was removed.",
            Assert.ThrowsExactly<KeyNotFoundException>(() => lookup.Remove(10, 77)).Message);
        Assert.AreEqual(
            "ids must differ. Got 10 twice. Nothing was removed. (Parameter 'ids')",
            Assert.ThrowsExactly<ArgumentException>(() => lookup.Remove(10, 10)).Message);
        Assert.AreEqual(4, lookup.Count);
        Places.AssertSame(before, Places.Find(_mlContext, lookup, Places.Corners));
    }

    [TestMethod]
    public void Nothing_given_is_an_error()
    {
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors();
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);

        Assert.ThrowsExactly<ArgumentNullException>(() => estimator.Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => estimator.GetOutputSchema(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => lookup.Transform(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => lookup.GetOutputSchema(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => lookup.GetRowToRowMapper(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => lookup.Add(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => lookup.Remove(null!));
        Assert.ThrowsExactly<ArgumentNullException>(
            () => _mlContext.Transforms.NearestNeighbors((NearestNeighborsOptions)null!));
    }

    private sealed class Tagged
    {
        public string Name { get; set; } = "";

        public string[] Words { get; set; } = [];

        [VectorType(1)]
        public float[] Features { get; set; } = [0];
    }
}
