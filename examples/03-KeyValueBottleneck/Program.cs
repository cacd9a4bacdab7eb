// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;

namespace KeyValueBottleneckExample;

/// <summary>Two digits at a time, never again: a bottleneck keeps what it learned, a linear model does not.</summary>
internal sealed class Program(MLContext mlContext, DemoOptions options, DemoImages images)
{
    private const int TaskCount = 5;

    private readonly ImageSet _memory = images.Memory.Take(6000);
    private readonly ImageSet _queries = images.Queries.Take(1000);
    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, (options, images) => new Program(new MLContext(seed: 1), options, images).Run());

    private int Run()
    {
        Console.WriteLine($"{_memory.Count:N0} images in {TaskCount} tasks of two classes: {images.Source}.");
        KeyValueBottleneckTrainer trainer = mlContext.MulticlassClassification.Trainers.KeyValueBottleneck(
            new KeyValueBottleneckOptions { HeadCount = 64, PairCount = 256, KeyDimension = 8 });
        IDataView unlabelled = View(_memory.Rows("Learning keys"));

        KeyValueBottleneckTransformer model = trainer.Fit(Keyed(Task(0)), unlabelled);
        Report(1, model);
        for (int task = 1; task < TaskCount; task++)
        {
            model = model.ContinueFit(View(Task(task)));
            Report(task + 1, model);
        }

        double staged = Accuracy(model);
        double joint = Accuracy(trainer.Fit(Keyed(_memory.Rows("Learning all")), unlabelled));
        _checks.Add($"1. Task after task {staged:P1}; all tasks at once {joint:P1}", staged > joint - 0.05);
        string last = _memory.ClassNames[^1], first = _memory.ClassNames[0];
        double kept = Accuracy(model, first), fresh = Accuracy(model, last);
        _checks.Add(
            $"2. Of class {first}, seen first, {kept:P1} are right; of class {last}, seen last, {fresh:P1}",
            kept > 0.5);

        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, "bottleneck.zip");
        mlContext.Model.Save(model, unlabelled.Schema, path);
        var loaded = mlContext.Model.Load(path, out _).FindMemory<KeyValueBottleneckTransformer>();
        _checks.Add(
            $"3. Saved {path} ({new FileInfo(path).Length / 1e6:F1} MB, {model.Model.UsedPairCount:N0} pairs in use)",
            Accuracy(loaded) == staged);
        return _checks.Finish();
    }

    private void Report(int tasks, KeyValueBottleneckTransformer model)
        => Console.WriteLine($"   after {tasks} tasks {Accuracy(model):P1} of all queries are right; "
            + $"{tasks * 100.0 / TaskCount:F0} % have been taught");

    private IEnumerable<ImageRow> Task(int task)
    {
        string[] names = [_memory.ClassNames[2 * task], _memory.ClassNames[(2 * task) + 1]];
        return _memory.Rows($"Task {task + 1}", _memory.Where(names.Contains));
    }

    private IDataView View(IEnumerable<ImageRow> rows) => mlContext.Data.LoadFromEnumerable(rows);

    private IDataView Keyed(IEnumerable<ImageRow> rows)
    {
        IDataView view = View(rows);
        return mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    private double Accuracy(KeyValueBottleneckTransformer model, string? name = null)
    {
        int[] ids = name is null
            ? [.. Enumerable.Range(0, _queries.Count)]
            : _queries.Where(label => label == name);
        IDataView scored = model.Transform(View(_queries.Rows("Asking", ids)));
        uint[] labels = [.. scored.GetColumn<uint>("PredictedLabel")];
        return ids.Zip(labels).Count(each => model.ClassNames[(int)each.Second - 1] == _queries.LabelOf(each.First))
            / (double)ids.Length;
    }
}
