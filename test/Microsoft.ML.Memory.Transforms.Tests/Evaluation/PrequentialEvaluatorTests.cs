// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Xml.Linq;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class PrequentialEvaluatorTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(500)]
    public void A_memory_is_asked_before_it_learns(int blockSize)
    {
        Point[] stream = Points.Draw(90, seed: 1);
        ITransformer start = Learn(null, View(Points.Draw(30, seed: 2)));
        var heard = new Heard<PrequentialMetrics>();

        PrequentialEvaluation evaluation = _mlContext.MulticlassClassification.EvaluatePrequential(
            View(stream), Learn, start, new PrequentialOptions { BlockSize = blockSize, WindowLength = 20 }, heard);

        var counter = new PrequentialCounter(20);
        ITransformer model = start;
        foreach (Point[] block in stream.Chunk(blockSize))
        {
            PointPrediction[] predictions = Points.Predict(_mlContext, model, block);
            for (int row = 0; row < block.Length; row++)
            {
                counter.Add(
                    Array.IndexOf(Points.Names, block[row].Label),
                    Array.IndexOf(Points.Names, predictions[row].PredictedLabel));
            }

            model = Learn(model, View(block));
        }

        Assert.AreEqual(counter.Metrics with { Kappa = null }, evaluation.Final with { Kappa = null });
        Assert.AreEqual(counter.Metrics.Kappa!.Value, evaluation.Final.Kappa!.Value, 1e-12);
        Assert.HasCount((90 + blockSize - 1) / blockSize, evaluation.Points);
        CollectionAssert.AreEqual(evaluation.Points.ToArray(), heard.Values);
    }

    [TestMethod]
    public void Without_a_model_the_first_block_makes_one_and_is_not_counted()
    {
        PrequentialEvaluation evaluation = _mlContext.MulticlassClassification.EvaluatePrequential(
            View(Points.Draw(90, seed: 1)), Learn, options: new PrequentialOptions { BlockSize = 30 });

        Assert.AreEqual(60, evaluation.Final.Count);
        Assert.HasCount(2, evaluation.Points);
        Assert.IsGreaterThan(evaluation.Final.MajorityAccuracy, evaluation.Final.Accuracy);
    }

    [TestMethod]
    public void A_model_that_repeats_the_last_label_scores_as_no_change()
    {
        Point[] stream = [.. Points.Draw(60, seed: 1).OrderBy(point => point.Label, StringComparer.Ordinal)];
        string last = "";

        PrequentialEvaluation evaluation = _mlContext.MulticlassClassification.EvaluatePrequential(
            View(stream),
            block =>
            {
                string answer = last;
                return View(Rows(block).Select(_ => new Point { Label = answer }));
            },
            block => last = Rows(block).Last().Label,
            new PrequentialOptions { BlockSize = 1, PredictedLabelColumnName = "Label" });

        Assert.AreEqual(57 / 60.0, evaluation.Final.Accuracy, 1e-12);
        Assert.AreEqual(evaluation.Final.NoChangeAccuracy, evaluation.Final.Accuracy);
        Assert.AreEqual(0.0, evaluation.Final.KappaTemporal);
    }

    [TestMethod]
    public void Blocks_have_every_column_and_can_be_read_twice()
    {
        Point[] stream = Points.Draw(10, seed: 1, firstId: 100);
        var seen = new List<Point>();

        _mlContext.MulticlassClassification.EvaluatePrequential(
            View(stream),
            block => block,
            block =>
            {
                CollectionAssert.AreEqual(
                    Rows(block).Select(row => row.Id).ToArray(), Rows(block).Select(row => row.Id).ToArray());
                Assert.AreEqual(block.GetRowCount(), Rows(_mlContext.Data.Cache(block)).Length);
                seen.AddRange(Rows(block));
            },
            new PrequentialOptions { BlockSize = 4, PredictedLabelColumnName = "Label" });

        Assert.HasCount(10, seen);
        for (int row = 0; row < seen.Count; row++)
        {
            Assert.AreEqual(stream[row].Id, seen[row].Id);
            Assert.AreEqual(stream[row].Label, seen[row].Label);
            CollectionAssert.AreEqual(stream[row].Features, seen[row].Features);
        }
    }

    [TestMethod]
    public void Table_has_the_rows_asked_for_and_ends_with_the_last_block()
    {
        PrequentialEvaluation evaluation = _mlContext.MulticlassClassification.EvaluatePrequential(
            View([.. Enumerable.Range(0, 8).Select(row => new Point { Label = Points.Names[row / 4] })]),
            block => block,
            _ => { },
            new PrequentialOptions { BlockSize = 1, PredictedLabelColumnName = "Label", WindowLength = 4 });

        Assert.AreEqual(
            "      rows  accuracy  no change  majority   window  no change  majority\n"
            + "         4    1.0000     0.7500    0.7500   1.0000     0.7500    0.7500\n"
            + "         8    1.0000     0.7500    0.3750   1.0000     0.7500    0.0000\n"
            + "kappa: 1.0000\n"
            + "temporal kappa, against no change: 1.0000\n"
            + "kappa against the majority: 1.0000\n",
            evaluation.ToTable(2));
        Assert.AreEqual(
            "ToTable's rowCount must be at least 1. Got 0. (Parameter 'rowCount')",
            Assert.ThrowsExactly<ArgumentException>(() => evaluation.ToTable(0)).Message);
    }

    [TestMethod]
    public void The_same_stream_gives_the_same_picture()
    {
        string first = Svg();

        Assert.AreEqual(first, Svg());
        Assert.AreEqual(
            4, XElement.Parse(first).Elements().Count(each => each.Name.LocalName == "polyline"));

        string Svg() => _mlContext.MulticlassClassification.EvaluatePrequential(
            View(Points.Draw(90, seed: 1)), Learn, options: new PrequentialOptions { BlockSize = 10 }).ToSvg();
    }

    [TestMethod]
    public void Bad_streams_and_models_are_refused()
    {
        AssertRefused("The stream must hold at least one row. Got none.", [], Learn);
        AssertRefused(
            "The stream must hold more rows than its first block, which makes the model. Got 20. "
            + "Give a model to start with or a smaller PrequentialOptions.BlockSize.",
            Points.Draw(20, seed: 1),
            Learn);
        AssertRefused("update must give a model. Got null.", Points.Draw(20, seed: 1), (_, _) => null!);
        AssertRefused(
            "Column 'Label' must have a value in every row that is evaluated. Got none in row 3. Drop such rows first.",
            [.. Points.Draw(103, seed: 1), new Point()],
            Learn);
        Assert.AreEqual(
            "PrequentialOptions.BlockSize must be at least 1. Got 0. "
            + "PrequentialOptions.WindowLength must be at least 1. Got -1.",
            Assert.ThrowsExactly<ArgumentException>(() => new PrequentialEvaluator(
                new PrequentialOptions { BlockSize = 0, WindowLength = -1 })).Message);

        AssertUnlike("Got 5 rows only.", block => _mlContext.Data.TakeRows(block, 5));
        AssertUnlike("Got more than 20 rows.", _ => View(Points.Draw(30, seed: 1)));

        void AssertUnlike(string got, Func<IDataView, IDataView> predict)
            => Assert.AreEqual(
                "The model must give one row for each row it is asked about. " + got,
                Assert.ThrowsExactly<InvalidOperationException>(
                    () => _mlContext.MulticlassClassification.EvaluatePrequential(
                        View(Points.Draw(20, seed: 1)),
                        predict,
                        _ => { },
                        new PrequentialOptions { PredictedLabelColumnName = "Label" })).Message);

        void AssertRefused(
            string message, Point[] stream, Func<ITransformer?, IDataView, ITransformer> update)
            => Assert.AreEqual(
                message,
                Assert.ThrowsExactly<InvalidOperationException>(
                    () => _mlContext.MulticlassClassification.EvaluatePrequential(View(stream), update)).Message);
    }

    private ITransformer Learn(ITransformer? model, IDataView block)
        => model is null
            ? Points.Pipeline(_mlContext).Fit(block)
            : model.WithMemory(model.FindMemory<VisualMemoryTransformer>().Add(block));

    private Point[] Rows(IDataView view)
        => [.. _mlContext.Data.CreateEnumerable<Point>(view, reuseRowObject: false)];

    private IDataView View(IEnumerable<Point> points) => Points.View(_mlContext, [.. points]);
}
