// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Xml.Linq;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class ContinualEvaluatorTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void A_memory_that_learns_class_by_class_forgets_little()
    {
        var heard = new Heard<ContinualProgress>();

        ContinualEvaluation evaluation = _mlContext.MulticlassClassification.EvaluateContinual(
            ClassByClass(), Learn, progress: heard);

        ContinualMetrics metrics = evaluation.Metrics;
        CollectionAssert.AreEqual(Points.Names[..3], evaluation.TaskNames.ToArray());
        Assert.AreEqual(0, metrics.After(0, 1));
        Assert.AreEqual(0, metrics.After(1, 2));
        Assert.AreEqual(1, metrics.After(0, 0));
        Assert.IsGreaterThan(0.6, metrics.AverageAccuracy);
        Assert.IsNull(metrics.ForwardTransfer);
        Assert.HasCount(9, heard.Values);
        Assert.AreEqual(new ContinualProgress("ant", "ant", 1, 1, 9), heard.Values[0]);
        ContinualProgress last = heard.Values[^1];
        Assert.AreEqual(("cat", "cat", 9), (last.TrainedOn, last.TestedOn, last.Done));
    }

    [TestMethod]
    public void A_model_that_only_knows_its_last_task_forgets_everything()
    {
        ContinualEvaluation evaluation = _mlContext.MulticlassClassification.EvaluateContinual(
            ClassByClass(), (_, task) => Points.Pipeline(_mlContext).Fit(task));

        Assert.AreEqual(1 / 3.0, evaluation.Metrics.AverageAccuracy, 1e-12);
        Assert.AreEqual(-1.0, evaluation.Metrics.BackwardTransfer);
        Assert.AreEqual(1.0, evaluation.Metrics.Forgetting);
    }

    [TestMethod]
    public void Accuracies_are_those_of_the_hosts_own_evaluation()
    {
        ContinualTask[] tasks = Halves();

        ContinualEvaluation evaluation = _mlContext.MulticlassClassification.EvaluateContinual(tasks, Learn);

        for (int task = 0; task < tasks.Length; task++)
        {
            double expected = _mlContext.MulticlassClassification.Evaluate(
                evaluation.Model.Transform(tasks[task].Test), predictedLabelColumnName: "PredictedLabel").MicroAccuracy;
            Assert.AreEqual(expected, evaluation.Metrics.After(1, task), 1e-12);
        }
    }

    [TestMethod]
    public void Forward_transfer_is_measured_from_the_untrained_model()
    {
        ITransformer untrained = Points.FitMemory(_mlContext, Points.Draw(9, seed: 1)).RemoveWhere(_ => true);

        ContinualEvaluation evaluation = _mlContext.MulticlassClassification.EvaluateContinual(
            Halves(), Learn, new ContinualOptions { Untrained = untrained });

        CollectionAssert.AreEqual(new[] { 0.0, 0.0 }, evaluation.Metrics.Baseline.ToArray());
        Assert.AreEqual(evaluation.Metrics.After(0, 1), evaluation.Metrics.ForwardTransfer);
        Assert.Contains("(untrained)  0.0000  0.0000\n", evaluation.ToTable());
    }

    [TestMethod]
    public void The_same_tasks_give_the_same_report()
    {
        string first = Report();

        Assert.AreEqual(first, Report());

        string Report()
        {
            ContinualEvaluation evaluation = _mlContext.MulticlassClassification.EvaluateContinual(
                ClassByClass(), Learn);
            return evaluation.ToTable() + evaluation.ToSvg();
        }
    }

    [TestMethod]
    public void Table_shows_every_accuracy_and_measure()
    {
        ContinualEvaluation evaluation = _mlContext.MulticlassClassification.EvaluateContinual(
            ClassByClass(), (_, task) => Points.Pipeline(_mlContext).Fit(task));

        Assert.AreEqual(
            "trained on      ant     bee     cat\n"
            + "ant          1.0000  0.0000  0.0000\n"
            + "bee          0.0000  1.0000  0.0000\n"
            + "cat          0.0000  0.0000  1.0000\n"
            + "ACC, mean accuracy at the end: 0.3333\n"
            + "BWT, backward transfer: -1.0000\n"
            + "FWT, forward transfer: not defined\n"
            + "forgetting: 1.0000\n"
            + "accuracy after own training: 1.0000\n"
            + "mean accuracy on tasks seen: 0.6111\n",
            evaluation.ToTable());
    }

    [TestMethod]
    public void Svg_is_well_formed_and_names_every_task()
    {
        ContinualTask[] tasks = ClassByClass();
        tasks[1] = new ContinualTask("<b & c>", tasks[1].Train, tasks[1].Test);

        string svg = _mlContext.MulticlassClassification.EvaluateContinual(tasks, Learn).ToSvg();

        XElement picture = XElement.Parse(svg);
        string[] texts = [.. picture.Elements().Where(
            each => each.Name.LocalName == "text").Select(each => each.Value)];
        Assert.Contains("<b & c>", texts);
        Assert.AreEqual(4, picture.Elements().Count(each => each.Name.LocalName == "polyline"));
    }

    [TestMethod]
    public void Bad_tasks_are_refused()
    {
        IDataView points = Points.View(_mlContext, Points.Draw(20, seed: 1));
        IDataView numbered = _mlContext.Data.LoadFromEnumerable(
            new[] { new { Label = 1f, Features = new float[3] } });
        var task = new ContinualTask("a", points, points);

        AssertRefused<ArgumentException>("tasks must hold at least one task. Got none. (Parameter 'tasks')");
        AssertRefused<ArgumentException>(
            "Column 'Label' must hold the same type of label in every task. "
            + "Got String in task 'a' and Single in task 'b'. (Parameter 'tasks')",
            task, new ContinualTask("b", points, numbered));
        AssertRefused<InvalidOperationException>(
            "The test rows of task 'b' must be at least one. Got none.",
            task, new ContinualTask("b", points, Points.View(_mlContext, [])));
        AssertRefused<InvalidOperationException>(
            "Column 'Label' must have a value in every row that is evaluated. Got none in row 0. Drop such rows first.",
            new ContinualTask("a", points, Points.View(_mlContext, [new Point()])));
        AssertRefused<ArgumentException>(
            "Column 'Label' must be in the data. Got columns 'X'.",
            new ContinualTask("a", points, _mlContext.Data.LoadFromEnumerable(new[] { new { X = 1 } })));
    }

    [TestMethod]
    public void Bad_models_are_refused()
    {
        IDataView points = Points.View(_mlContext, Points.Draw(20, seed: 1));
        ContinualTask[] tasks = [new ContinualTask("a", points, points)];

        AssertRefused<InvalidOperationException>("update must give a model. Got null for task 'a'.", null!);
        AssertRefused<ArgumentException>(
            "Column 'Features' must be a key, a text, a number, a boolean, a date or a time span. "
            + "Got Vector<Single, 3>.",
            Learn(null, points),
            "Features");
        AssertRefused<ArgumentException>(
            "Column 'Id' must hold the same type as column 'Label', String. Got Int64.", Learn(null, points), "Id");
        Assert.AreEqual(
            "ContinualOptions.LabelColumnName must be a column name. Got an empty name.",
            Assert.ThrowsExactly<ArgumentException>(
                () => new ContinualEvaluator(new ContinualOptions { LabelColumnName = "" })).Message);

        void AssertRefused<TError>(string message, ITransformer model, string predicted = "PredictedLabel")
            where TError : Exception
            => Assert.AreEqual(
                message,
                Assert.ThrowsExactly<TError>(() => _mlContext.MulticlassClassification.EvaluateContinual(
                    tasks, (_, _) => model, new ContinualOptions { PredictedLabelColumnName = predicted })).Message);
    }

    private void AssertRefused<TError>(string message, params ContinualTask[] tasks)
        where TError : Exception
        => Assert.AreEqual(
            message,
            Assert.ThrowsExactly<TError>(
                () => _mlContext.MulticlassClassification.EvaluateContinual(tasks, Learn)).Message);

    private ITransformer Learn(ITransformer? model, IDataView task)
        => model is null
            ? Points.Pipeline(_mlContext).Fit(task)
            : model.WithMemory(model.FindMemory<VisualMemoryTransformer>().Add(task));

    private ContinualTask[] ClassByClass()
        => [.. Points.Names[..3].Select(name => new ContinualTask(
            name,
            View(Points.Draw(240, seed: 1).Where(point => point.Label == name)),
            View(Points.Draw(120, seed: 2).Where(point => point.Label == name))))];

    private ContinualTask[] Halves()
        => [.. Enumerable.Range(0, 2).Select(index => new ContinualTask(
            $"part {index}", View(Points.Draw(60, seed: 10 + index)), View(Points.Draw(80, seed: 20 + index))))];

    private IDataView View(IEnumerable<Point> points) => Points.View(_mlContext, [.. points]);
}
