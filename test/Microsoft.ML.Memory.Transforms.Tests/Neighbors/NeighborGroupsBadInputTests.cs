// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborGroupsBadInputTests
{
    private const string NotGroups = "must hold a text, Boolean or integer, or a key, with key values of these types "
        + "if it has any, to tell groups. Got";

    private const string Remedy = "Make texts of the values with mlContext.Transforms.Conversion.ConvertType and "
        + "DataKind.String, of a key's before they are mapped.";

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void A_missing_column_is_named_wherever_it_is_needed()
    {
        IDataView data = _mlContext.Transforms.DropColumns("Shop").Fit(Offers.View(_mlContext, []))
            .Transform(Offers.View(_mlContext, Offers.Line));
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(Offers.Options);
        NearestNeighborsTransformer lookup = Offers.Fit(_mlContext, Offers.Line);
        SchemaShape shape = Schemas.ShapeOf(data);

        foreach (Action use in (Action[])
            [
                () => estimator.Fit(data),
                () => estimator.GetOutputSchema(shape),
                () => lookup.Add(data),
                () => lookup.Transform(data),
                () => lookup.GetOutputSchema(data.Schema),
                () => lookup.GetRowToRowMapper(data.Schema),
            ])
        {
            Assert.AreEqual(
                "Column 'Shop' must be in the data. Got columns 'Id', 'Name', 'Features'.",
                Assert.ThrowsExactly<ArgumentException>(use).Message);
        }
    }

    [TestMethod]
    [DataRow("Single", "Single", "Scalar of Single")]
    [DataRow("DateTime", "DateTime", "Scalar of DateTime")]
    [DataRow("Features", "Vector<Single, 1>", "Vector of Single")]
    public void Columns_of_other_types_tell_no_groups(string column, string type, string shape)
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(AnyValues.Rows);
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(
            new NearestNeighborsOptions { GroupColumnName = column });

        Assert.AreEqual(
            $"Column '{column}' {NotGroups} {type}. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(data)).Message);
        Assert.AreEqual(
            $"Column '{column}' {NotGroups} {shape}. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => estimator.GetOutputSchema(Schemas.ShapeOf(data))).Message);
    }

    [TestMethod]
    public void Keys_of_other_types_tell_no_groups()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(AnyValues.Rows);
        IDataView keyed = _mlContext.Transforms.Conversion.MapValueToKey("TimeSpan").Fit(data).Transform(data);
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(
            new NearestNeighborsOptions { GroupColumnName = "TimeSpan" });

        Assert.AreEqual(
            $"Column 'TimeSpan' {NotGroups} Key<UInt32, 0-1> of TimeSpan. {Remedy}",
            Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(keyed)).Message);
    }

    [TestMethod]
    public void Other_rows_must_tell_groups_as_the_stored_ones_do()
    {
        NearestNeighborsTransformer texts = Offers.Fit(
            _mlContext, Offers.Line, new NearestNeighborsOptions { GroupColumnName = "Shop" });
        IDataView numbered = NumberedOffer.View(_mlContext, 1, 2);
        NearestNeighborsTransformer numbers = _mlContext.Transforms.NearestNeighbors(
            new NearestNeighborsOptions { GroupColumnName = "Shop" }).Fit(numbered);
        IDataView ids = _mlContext.Transforms.CopyColumns("Shop", "Id").Fit(Offers.View(_mlContext, []))
            .Transform(Offers.View(_mlContext, Offers.Line));
        const string Texts = "Column 'Shop' must be of type String, or a key of such values, to tell the groups of the "
            + "stored rows. Got";
        const string Numbers = "Column 'Shop' must be a key without key values, of 3 keys, to tell the groups of the "
            + "stored rows. Got";

        AssertRefused(texts, ids, $"{Texts} Int64. Convert it with mlContext.Transforms.Conversion.ConvertType.");
        AssertRefused(
            texts,
            _mlContext.Transforms.Conversion.MapValueToKey("Shop").Fit(ids).Transform(ids),
            $"{Texts} Key<UInt32, 0-5> of Int64. Name a column of such values, or map one.");
        AssertRefused(
            texts,
            numbered,
            $"{Texts} Key<UInt32, 0-2> without key values. Name a column of such values, or map one.");
        AssertRefused(
            numbers, Offers.View(_mlContext, Offers.Line), $"{Numbers} String. Map it as the stored rows were.");
        AssertRefused(
            numbers,
            _mlContext.Transforms.CopyColumns("Shop", "OtherShop").Fit(numbered).Transform(numbered),
            $"{Numbers} Key<UInt32, 0-3> without key values. Map it as the stored rows were.");
    }

    [TestMethod]
    public void A_key_beyond_its_key_values_is_named()
    {
        IDataView keyed = _mlContext.Transforms.Conversion.MapValueToKey("Shop")
            .Fit(Offers.View(_mlContext, Offers.Line)).Transform(Offers.View(_mlContext, Offers.Line));
        using var row = new KeyRow(keyed.Schema, key: 3);
        var groups = new GroupTable(GroupType.Of(keyed.Schema, "Shop"));

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => groups.Adder(row, keyed.Schema["Shop"])());

        Assert.AreEqual("Column 'Shop' must hold keys of at most 2. Got 3.", error.Message);
    }

    private static void AssertRefused(NearestNeighborsTransformer lookup, IDataView rows, string expected)
    {
        Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => lookup.Transform(rows)).Message);
        Assert.AreEqual(
            expected, Assert.ThrowsExactly<ArgumentException>(() => lookup.GetOutputSchema(rows.Schema)).Message);
        Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => lookup.Add(rows)).Message);
    }

    /// <summary>A row whose every value is one key.</summary>
    private sealed class KeyRow(DataViewSchema schema, uint key) : DataViewRow
    {
        public override long Position => 0;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ValueGetter<TValue>)(Delegate)(ValueGetter<uint>)((ref uint value) => value = key);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = default;
    }
}
