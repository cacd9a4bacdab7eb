// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborGroupsTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    public void Neighbours_are_of_the_own_group_alone()
    {
        NearestNeighborsTransformer lookup = Offers.Fit(_mlContext, Offers.Line);

        CollectionAssert.AreEqual(
            new[]
            {
                "10: 10 12 at 0 4 a c", "11: 11 13 at 0 4 b d", "12: 12 10 at 0 4 c a", "13: 13 11 at 0 4 d b",
                "14:  at  ", "15: 15 12 at 0 9 f c",
            },
            Offers.Find(_mlContext, lookup, Offers.Line));
    }

    [TestMethod]
    public void The_own_row_is_left_out_and_all_within_a_distance_are_found_in_the_group()
    {
        NearestNeighborsOptions leaving = Offers.Options with { LeavesOutSameId = true };
        NearestNeighborsOptions all = leaving with { NeighborCount = null, LargestDistance = 9 };

        string[] nearest = Offers.Find(_mlContext, Offers.Fit(_mlContext, Offers.Line, leaving), Offers.Line);
        string[] near = Offers.Find(_mlContext, Offers.Fit(_mlContext, Offers.Line, all), Offers.Line);

        CollectionAssert.AreEqual(
            new[]
            {
                "10: 12 15 at 4 25 c f", "11: 13 at 4 d", "12: 10 15 at 4 9 a f", "13: 11 at 4 b", "14:  at  ",
                "15: 12 10 at 9 25 c a",
            },
            nearest);
        CollectionAssert.AreEqual(
            new[]
            {
                "10: 12 at 4 c", "11: 13 at 4 d", "12: 10 15 at 4 9 a f", "13: 11 at 4 b", "14:  at  ",
                "15: 12 at 9 c",
            },
            near);
    }

    [TestMethod]
    [DataRow("SByte")]
    [DataRow("Byte")]
    [DataRow("Int16")]
    [DataRow("UInt16")]
    [DataRow("Int32")]
    [DataRow("UInt32")]
    [DataRow("Int64")]
    [DataRow("UInt64")]
    [DataRow("Boolean")]
    [DataRow("Text")]
    public void Values_of_any_type_tell_groups_and_so_do_keys_of_them(string column)
    {
        AnyValues[] rows = [.. AnyValues.Rows, .. AnyValues.Rows];
        IDataView view = _mlContext.Data.LoadFromEnumerable(rows);
        IDataView keyed = _mlContext.Transforms.Conversion.MapValueToKey(column).Fit(view).Transform(view);
        object[] values = [.. rows.Select(row => typeof(AnyValues).GetProperty(column)!.GetValue(row) ?? "")];
        long[][] expected = [.. values.Select(own => Enumerable.Range(0, rows.Length)
            .Where(row => own is not "" && Equals(own, values[row])).Select(row => (long)row).ToArray())];

        foreach (IDataView stored in (IDataView[])[view, keyed])
        {
            NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(
                new NearestNeighborsOptions { GroupColumnName = column, NeighborCount = 20 }).Fit(stored);
            foreach (IDataView queries in (IDataView[])[view, keyed])
            {
                long[][] found = [.. lookup.Transform(queries).GetColumn<long[]>("NeighborIds")];
                for (int row = 0; row < rows.Length; row++)
                    CollectionAssert.AreEquivalent(expected[row], found[row], $"row {row}");
            }
        }
    }

    [TestMethod]
    public void Keys_are_compared_by_value_however_they_are_mapped()
    {
        IDataView stored = Keyed(Offers.Line, Offers.Line);
        IDataView otherwise = Keyed(Offers.Line, [new Offer { Shop = "west" }, Offers.Line[1], Offers.Line[0]]);
        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(Offers.Options).Fit(stored);
        string[] expected = Offers.Find(_mlContext, Offers.Fit(_mlContext, Offers.Line), Offers.Line);

        CollectionAssert.AreEqual(expected, Offers.Read(_mlContext, lookup.Transform(stored)));
        CollectionAssert.AreEqual(expected, Offers.Read(_mlContext, lookup.Transform(otherwise)));
        CollectionAssert.AreEqual(expected, Offers.Find(_mlContext, lookup, Offers.Line));
        CollectionAssert.AreNotEqual(
            stored.GetColumn<uint>("Shop").ToArray(), otherwise.GetColumn<uint>("Shop").ToArray());
    }

    [TestMethod]
    public void Rows_added_under_keys_mapped_in_another_way_join_their_group()
    {
        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(Offers.Options)
            .Fit(Keyed(Offers.Line[..3], Offers.Line[..3]));

        NearestNeighborsTransformer more = lookup.Add(Keyed(Offers.Line[3..], [Offers.Line[1], Offers.Line[0]]));

        CollectionAssert.AreEqual(
            Offers.Find(_mlContext, Offers.Fit(_mlContext, Offers.Line), Offers.Line),
            Offers.Find(_mlContext, more, Offers.Line));
    }

    [TestMethod]
    public void Added_values_that_a_mapping_has_no_key_for_are_reported_with_a_remedy()
    {
        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(Offers.Options)
            .Fit(Keyed(Offers.Line[..3], Offers.Line[..3]));
        Offer[] more = [new() { Id = 20, Shop = "north" }, new() { Id = 21, Shop = "west" }];

        NearestNeighborsTransformer added = lookup.Add(Keyed(more, Offers.Line));

        Assert.AreEqual(5, added.Count);
        CollectionAssert.AreEqual(
            new[]
            {
                "Column 'Shop' should tell the group of every row. Got none in 1 of 2 rows, first in row 1; they are "
                + "stored, and neighbours of none. A mapping to keys has none for values that it was not fitted on: "
                + "name a column of the values instead.",
            },
            _warnings);
    }

    [TestMethod]
    public void Keys_without_key_values_are_compared_by_number()
    {
        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(
            new NearestNeighborsOptions { GroupColumnName = "Shop" })
            .Fit(NumberedOffer.View(_mlContext, 2, 1, 9, 2, 1));

        long[][] found = [.. lookup.Transform(NumberedOffer.View(_mlContext, 1, 9, 0, 2))
            .GetColumn<long[]>("NeighborIds")];

        CollectionAssert.AreEquivalent(new long[] { 1, 4 }, found[0]);
        CollectionAssert.AreEquivalent(new long[] { 0, 3 }, found[3]);
        Assert.AreEqual(0, found[1].Length + found[2].Length);
    }

    [TestMethod]
    public void Rows_and_queries_without_a_known_group_are_counted()
    {
        NearestNeighborsTransformer lookup = Offers.Fit(_mlContext, Offers.Line);
        Offer[] queries = [.. Enumerable.Range(0, 2000).Select(row => new Offer
        {
            Shop = row switch { 7 => "east", 8 => "", 1500 => null, _ => row % 2 == 0 ? "north" : "south" },
        })];
        queries[3].Features = [float.NaN, 0];

        string[] found = Offers.Find(_mlContext, lookup, queries);
        _ = Offers.Find(_mlContext, lookup.Remove(11, 13), queries[..2]);

        CollectionAssert.AreEqual(
            new[] { 3, 7, 8, 1500 }, Enumerable.Range(0, 2000).Where(row => found[row] == "0:  at  ").ToArray());
        CollectionAssert.AreEqual(
            new[]
            {
                "Column 'Shop' should tell the group of every row. Got none in 1 of 6 rows, first in row 4; they are "
                + "stored, and neighbours of none.",
                "Column 'Features' should hold finite numbers. Got NaN or infinity in 1 of 2000 rows, first in row 3; "
                + "they have no neighbours.",
                "Column 'Shop' should tell a group that stored rows have. Got another or none in 3 of 2000 rows, first "
                + "in row 7; they have no neighbours.",
                "Column 'Shop' should tell a group that stored rows have. Got another or none in 1 of 2 rows, first in "
                + "row 1; they have no neighbours.",
            },
            _warnings);
    }

    [TestMethod]
    public void Columns_that_are_not_asked_for_read_no_groups()
    {
        IDataView queries = Offers.View(_mlContext, Offers.Line);
        IDataView failing = _mlContext.Transforms.CustomMapping<Offer, ShopOnly>(
            (_, _) => throw new InvalidOperationException("read"), contractName: null)
            .Append(_mlContext.Transforms.CopyColumns("Shop", "Seller")).Fit(queries).Transform(queries);
        IDataView found = Offers.Fit(_mlContext, Offers.Line).Transform(failing);

        CollectionAssert.AreEqual(
            new long[] { 10, 11, 12, 13, 14, 15 }, found.GetColumn<long>("Id").ToArray());
        Assert.Throws<Exception>(() => found.GetColumn<long[]>("NeighborIds").ToArray());
    }

    [TestMethod]
    public void Schema_promised_is_schema_kept_and_the_group_passes_through()
    {
        IDataView data = Keyed(Offers.Line, Offers.Line);
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(Offers.Options);

        SchemaShape promised = estimator.GetOutputSchema(Schemas.ShapeOf(data));
        NearestNeighborsTransformer lookup = estimator.Fit(data);

        Schemas.AssertKept(promised, lookup.Transform(data).Schema);
        CollectionAssert.AreEqual(
            new[] { "Id", "Shop", "Name", "Features", "NeighborIds", "NeighborDistances", "NeighborName" },
            lookup.GetOutputSchema(data.Schema).Where(column => !column.IsHidden).Select(column => column.Name)
                .ToArray());
    }

    [TestMethod]
    public void Rows_numbered_automatically_keep_their_groups_through_edits()
    {
        NearestNeighborsTransformer lookup = Offers.Fit(
            _mlContext, Offers.Line, Offers.Options with { IdColumnName = null, NeighborCount = 9 });

        Offer[] more = [new() { Shop = "north", Name = "g" }, new() { Shop = "west", Name = "h" }];
        NearestNeighborsTransformer edited = lookup.Remove(0, 4).Add(Offers.View(_mlContext, more));

        CollectionAssert.AreEqual(
            new[] { "0: 6 2 5 at 0 4 25 g c f", "0: 7 at 0 h" },
            Offers.Find(_mlContext, edited, new Offer { Shop = "north" }, new Offer { Shop = "west" }));
        CollectionAssert.AreEqual(
            new[] { "0: 0 2 5 at 0 4 25 a c f" }, Offers.Find(_mlContext, lookup, new Offer { Shop = "north" }));
    }

    [TestMethod]
    public void A_lookup_is_found_in_its_model_and_exchanged()
    {
        IDataView data = Offers.View(_mlContext, Offers.Line);
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Shop")
            .Append(_mlContext.Transforms.NearestNeighbors(Offers.Options)).Fit(data);
        var lookup = model.FindMemory<NearestNeighborsTransformer>();
        IDataView rows = model.TransformBefore<NearestNeighborsTransformer>(
            Offers.View(_mlContext, [new Offer { Id = 20, Shop = "south", Name = "new", Features = [1, 1] }]));

        ITransformer edited = model.WithMemory(lookup.Remove(11).Add(rows));

        Assert.AreEqual("Shop", lookup.Options.GroupColumnName);
        CollectionAssert.AreEqual(
            new[] { "11: 20 13 at 1 4 new d" }, Offers.Find(_mlContext, edited, Offers.Line[1]));
    }

    [TestMethod]
    public void Prediction_engines_cursors_and_shuffles_agree()
    {
        Offer[] queries = Offers.Draw(3000, seed: 2, shopCount: 40);
        NearestNeighborsTransformer lookup = Offers.Fit(
            _mlContext, Offers.Draw(800, seed: 1, shopCount: 30), Offers.Options with { LeavesOutSameId = true });
        IDataView found = lookup.Transform(Offers.View(_mlContext, queries));
        string[] expected = Offers.Read(_mlContext, found);
        string[] predicted = new string[300];

        Parallel.For(0, 3, thread =>
        {
            var engine = _mlContext.Model.CreatePredictionEngine<Offer, OfferNeighbors>(lookup);
            for (int row = thread; row < predicted.Length; row += 3) predicted[row] = $"{engine.Predict(queries[row])}";
        });

        CollectionAssert.AreEqual(expected[..300], predicted);
        CollectionAssert.AreEquivalent(
            expected, Offers.Read(_mlContext, _mlContext.Data.ShuffleRows(found, seed: 1)));
        DataViewRowCursor[] cursors = found.GetRowCursorSet([found.Schema["Id"], found.Schema["NeighborIds"]], 3);
        string[] parallel = [.. cursors.SelectMany(Ids)];
        CollectionAssert.AreEquivalent(
            _mlContext.Data.CreateEnumerable<OfferNeighbors>(found, reuseRowObject: false)
                .Select(row => $"{row.Id}: {string.Join(' ', row.NeighborIds)}").ToArray(),
            parallel);
    }

    private static List<string> Ids(DataViewRowCursor cursor)
    {
        var lines = new List<string>();
        ValueGetter<long> id = cursor.GetGetter<long>(cursor.Schema["Id"]);
        ValueGetter<VBuffer<long>> ids = cursor.GetGetter<VBuffer<long>>(cursor.Schema["NeighborIds"]);
        long own = 0;
        VBuffer<long> near = default;
        while (cursor.MoveNext())
        {
            id(ref own);
            ids(ref near);
            lines.Add($"{own}: {string.Join(' ', near.DenseValues())}");
        }

        cursor.Dispose();
        return lines;
    }

    private IDataView Keyed(IEnumerable<Offer> offers, IEnumerable<Offer> mapped) =>
        _mlContext.Transforms.Conversion.MapValueToKey("Shop").Fit(Offers.View(_mlContext, mapped))
            .Transform(Offers.View(_mlContext, offers));

    private sealed class ShopOnly
    {
        public string Seller { get; set; } = "";
    }
}
