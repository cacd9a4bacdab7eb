// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborsEditingTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Add_equals_a_fit_on_all_rows_and_leaves_the_former_as_it_was()
    {
        Place[] all = Places.Draw(400, seed: 1);
        Place[] queries = Places.Draw(60, seed: 2);
        NearestNeighborsTransformer half = Places.Fit(_mlContext, all[..250]);
        PlaceNeighbors[] before = Places.Find(_mlContext, half, queries);

        NearestNeighborsTransformer whole = half.Add(Places.View(_mlContext, all[250..]));

        Assert.AreEqual(250, half.Count);
        Assert.AreEqual(400, whole.Count);
        Places.AssertSame(
            Places.Find(_mlContext, Places.Fit(_mlContext, all), queries), Places.Find(_mlContext, whole, queries));
        Places.AssertSame(before, Places.Find(_mlContext, half, queries));
    }

    [TestMethod]
    public void Two_successors_of_one_lookup_do_not_see_each_other()
    {
        Place[] queries = Places.Draw(30, seed: 5);
        NearestNeighborsTransformer start = Places.Fit(_mlContext, Places.Draw(50, seed: 1)).Add(
            Places.View(_mlContext, Places.Draw(3, seed: 2, firstId: 50)));
        Place[] left = Places.Draw(9, seed: 3, firstId: 100);
        Place[] right = Places.Draw(9, seed: 4, firstId: 200);

        NearestNeighborsTransformer first = start.Add(Places.View(_mlContext, left));
        NearestNeighborsTransformer second = start.Add(Places.View(_mlContext, right));

        Place[] common = [.. Places.Draw(50, seed: 1), .. Places.Draw(3, seed: 2, firstId: 50)];
        Places.AssertSame(
            Places.Find(_mlContext, Places.Fit(_mlContext, common.Concat(left)), queries),
            Places.Find(_mlContext, first, queries));
        Places.AssertSame(
            Places.Find(_mlContext, Places.Fit(_mlContext, common.Concat(right)), queries),
            Places.Find(_mlContext, second, queries));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(40)]
    [DataRow(90)]
    [DataRow(99)]
    public void Remove_equals_a_fit_on_the_rest(int removed)
    {
        Place[] all = Places.Draw(100, seed: 1);
        Place[] queries = Places.Draw(40, seed: 2);
        new Random(3).Shuffle(all);
        NearestNeighborsTransformer whole = Places.Fit(_mlContext, all);

        NearestNeighborsTransformer rest = whole.Remove(all[..removed].Select(place => place.Id));

        Assert.AreEqual(100, whole.Count);
        Assert.AreEqual(100 - removed, rest.Count);
        Places.AssertSame(
            Places.Find(_mlContext, Places.Fit(_mlContext, all[removed..]), queries),
            Places.Find(_mlContext, rest, queries));
    }

    [TestMethod]
    public void A_chain_of_edits_equals_a_fit_on_what_is_left()
    {
        Place[] queries = Places.Draw(20, seed: 2);
        var random = new Random(7);
        List<Place> held = [.. Places.Draw(5, seed: 1)];
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, held);
        for (int step = 0; step < 60; step++)
        {
            Place[] added = Places.Draw(random.Next(4), seed: step, firstId: 10 * (step + 1));
            lookup = lookup.Add(Places.View(_mlContext, added));
            held.AddRange(added);
            long[] removed = [.. held.Where(_ => random.Next(3) == 0).Select(place => place.Id)];
            lookup = lookup.Remove(removed);
            held.RemoveAll(place => removed.Contains(place.Id));
            if (held.Count == 0 || step % 5 > 0) continue;

            Places.AssertSame(
                Places.Find(_mlContext, Places.Fit(_mlContext, held), queries),
                Places.Find(_mlContext, lookup, queries));
        }
    }

    [TestMethod]
    public void Nothing_stored_gives_empty_vectors_and_takes_rows_again()
    {
        NearestNeighborsTransformer empty = Places.Fit(_mlContext, Places.Corners).Remove(13, 10, 12, 11);

        PlaceNeighbors found = Places.Find(_mlContext, empty, Places.Corners[0]).Single();
        NearestNeighborsTransformer again = empty.Add(Places.View(_mlContext, Places.Corners));

        Assert.AreEqual(0, empty.Count);
        Assert.IsEmpty(found.NeighborIds);
        Assert.IsEmpty(found.NeighborName);
        Places.AssertSame(
            Places.Find(_mlContext, Places.Fit(_mlContext, Places.Corners), Places.Corners),
            Places.Find(_mlContext, again, Places.Corners));
    }

    [TestMethod]
    public void An_id_may_return_with_other_values()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);
        var moved = new Place { Id = 11, Name = "moved", Height = 8, Features = [0, 1] };

        lookup = lookup.Remove(11).Add(Places.View(_mlContext, [moved]));

        PlaceNeighbors found = Places.Find(_mlContext, lookup, new Place { Features = [0, 1] }).Single();
        CollectionAssert.AreEqual(new long[] { 11, 10, 12 }, found.NeighborIds);
        CollectionAssert.AreEqual(new[] { "moved", "zero", "four" }, found.NeighborName);
    }

    [TestMethod]
    public void Rows_are_exchanged_whether_they_were_stored_or_not()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);
        Place[] news =
        [
            new() { Id = 12, Name = "moved", Features = [7, 7] },
            new() { Id = 9, Name = "new", Features = [8, 8] },
        ];

        NearestNeighborsTransformer after = lookup
            .Remove(news.Select(place => place.Id).Where(lookup.Contains)).Add(Places.View(_mlContext, news));

        Assert.IsTrue(lookup.Contains(12));
        Assert.IsFalse(lookup.Contains(9));
        Assert.AreEqual("10 11 12 13", string.Join(' ', lookup.Ids));
        Assert.AreEqual("10 11 13 12 9", string.Join(' ', after.Ids));
        var goal = new Place { Features = [7, 7] };
        Assert.AreEqual("moved", Places.Find(_mlContext, after, goal).Single().NeighborName[0]);
    }

    [TestMethod]
    public void Numbers_of_removed_rows_are_not_given_again()
    {
        NearestNeighborsOptions options = Places.Options with { IdColumnName = null };
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners, options);

        lookup = lookup.Remove(3).Add(Places.View(_mlContext, [new Place { Features = [9, 9] }]));

        PlaceNeighbors found = Places.Find(_mlContext, lookup, new Place { Features = [9, 9] }).Single();
        Assert.AreEqual(4, found.NeighborIds[0]);
    }

    [TestMethod]
    public void No_rows_added_and_no_ids_removed_change_nothing()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Corners);

        NearestNeighborsTransformer same = lookup.Add(Places.View(_mlContext, [])).Remove();

        Places.AssertSame(
            Places.Find(_mlContext, lookup, Places.Corners), Places.Find(_mlContext, same, Places.Corners));
    }

    [TestMethod]
    public void A_memory_in_a_chain_can_be_exchanged_for_a_larger_one()
    {
        Place[] places = Places.Draw(60, seed: 1);
        ITransformer model = _mlContext.Transforms.Concatenate("Features", "Features")
            .Append(_mlContext.Transforms.NearestNeighbors(Places.Options)).Fit(Places.View(_mlContext, places[..40]));

        ITransformer larger = model.WithMemory(
            model.FindMemory<NearestNeighborsTransformer>().Add(Places.View(_mlContext, places[40..])));

        Places.AssertSame(
            Places.Find(_mlContext, Places.Fit(_mlContext, places), places), Places.Find(_mlContext, larger, places));
    }
}
