// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

[TestClass]
public sealed class RegressionEditingTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Add_equals_a_fit_on_all_rows_and_leaves_the_former_as_it_was()
    {
        Sale[] all = Sales.Draw(400, seed: 1), queries = Sales.Draw(60, seed: 2);
        NearestNeighborsRegressionTransformer half = Sales.Fit(_mlContext, all[..250]);
        SaleEstimate[] before = Sales.Predict(_mlContext, half, queries);

        NearestNeighborsRegressionTransformer whole = half.Add(Sales.View(_mlContext, all[250..]));

        Assert.AreEqual(250, half.Count);
        Assert.AreEqual(400, whole.Count);
        Sales.AssertSame(
            Sales.Predict(_mlContext, Sales.Fit(_mlContext, all), queries), Sales.Predict(_mlContext, whole, queries));
        Sales.AssertSame(before, Sales.Predict(_mlContext, half, queries));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(60)]
    [DataRow(99)]
    public void Remove_equals_a_fit_on_the_rest(int removed)
    {
        Sale[] all = Sales.Draw(100, seed: 1), queries = Sales.Draw(40, seed: 2);
        new Random(3).Shuffle(all);
        NearestNeighborsRegressionTransformer whole = Sales.Fit(_mlContext, all);

        NearestNeighborsRegressionTransformer rest = whole.Remove(all[..removed].Select(sale => sale.Id));

        Assert.AreEqual(100, whole.Count);
        Sales.AssertSame(
            Sales.Predict(_mlContext, Sales.Fit(_mlContext, all[removed..]), queries),
            Sales.Predict(_mlContext, rest, queries));
    }

    [TestMethod]
    public void A_row_is_exchanged_whether_it_was_stored_or_not()
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(
            _mlContext, Sales.Street, Sales.Options with { NeighborCount = 1 });
        Sale[] news = [new() { Id = 12, Label = 50, Features = [7, 7] }, new() { Id = 9, Label = 60 }];

        NearestNeighborsRegressionTransformer after = model
            .Remove(news.Select(sale => sale.Id).Where(model.Contains)).Add(Sales.View(_mlContext, news));

        Assert.IsTrue(model.Contains(12));
        Assert.IsFalse(model.Contains(9));
        Assert.AreEqual("10 11 13 14 12 9", string.Join(' ', after.Ids));
        Assert.AreEqual(50, Sales.Predict(_mlContext, after, new Sale { Features = [7, 8] }).Single().Score);
    }

    [TestMethod]
    public void Everything_may_go_and_come_back()
    {
        NearestNeighborsRegressionTransformer empty = Sales.Fit(_mlContext, Sales.Street).Remove(13, 10, 12, 14, 11);

        NearestNeighborsRegressionTransformer again = empty.Add(Sales.View(_mlContext, Sales.Street));

        Assert.AreEqual(0, empty.Count);
        Sales.AssertSame(
            Sales.Predict(_mlContext, Sales.Fit(_mlContext, Sales.Street), Sales.Street),
            Sales.Predict(_mlContext, again, Sales.Street));
    }

    [TestMethod]
    public void Rows_without_ids_are_numbered_and_numbers_are_not_given_again()
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(
            _mlContext, Sales.Street, Sales.Options with { IdColumnName = null });

        model = model.Remove(4).Add(Sales.View(_mlContext, [new Sale { Label = 3, Features = [9, 9] }]));

        Assert.AreEqual("0 1 2 3 5", string.Join(' ', model.Ids));
    }

    [TestMethod]
    public void No_rows_added_and_no_ids_removed_change_nothing()
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Street);

        NearestNeighborsRegressionTransformer same = model.Add(Sales.View(_mlContext, [])).Remove();

        Sales.AssertSame(
            Sales.Predict(_mlContext, model, Sales.Street), Sales.Predict(_mlContext, same, Sales.Street));
    }

    [TestMethod]
    public void A_regression_in_a_chain_can_be_exchanged_for_a_larger_one()
    {
        Sale[] sales = Sales.Draw(60, seed: 1);
        ITransformer model = _mlContext.Transforms.Concatenate("Features", "Features")
            .Append(_mlContext.Regression.Trainers.NearestNeighbors(Sales.Options))
            .Fit(Sales.View(_mlContext, sales[..40]));

        ITransformer larger = model.WithMemory(model.FindMemory<NearestNeighborsRegressionTransformer>().Add(
            model.TransformBefore<NearestNeighborsRegressionTransformer>(Sales.View(_mlContext, sales[40..]))));

        Sales.AssertSame(
            Sales.Predict(_mlContext, Sales.Fit(_mlContext, sales), sales), Sales.Predict(_mlContext, larger, sales));
    }

    [TestMethod]
    [DataRow(SearchStrategy.Graph)]
    [DataRow(SearchStrategy.Quantized)]
    public void Edits_are_seen_through_any_index(SearchStrategy strategy)
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(
            _mlContext,
            Sales.Draw(400, seed: 1),
            Sales.Options with
            {
                NeighborCount = 1,
                Index = new IndexOptions
                {
                    Strategy = strategy,
                    Quantization = new QuantizedSettings { TrainingCount = 200 },
                },
            });
        var far = new Sale { Id = 900, Label = 777, Features = [99, 99] };

        NearestNeighborsRegressionTransformer more = model.Add(Sales.View(_mlContext, [far]));

        Assert.AreEqual(strategy, more.Strategy);
        Assert.AreEqual(777, Sales.Predict(_mlContext, more, far).Single().Score);
        Assert.IsLessThan(100, Sales.Predict(_mlContext, more.Remove(900), far).Single().Score);
    }
}
