// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms;

namespace VisualMemoryExample;

/// <summary>Image classification by remembering: fit, ask, explain, learn a class, forget it, save, load.</summary>
internal sealed class Program(MLContext mlContext, DemoOptions options, DemoImages images)
{
    private bool _hasFailed;

    private static int Main(string[] arguments) => DemoRun.Run(arguments, (options, images) =>
    {
        var program = new Program(new MLContext(seed: 1), options, images);
        return options.Predict is { } path ? program.PredictWith(path) : program.Run();
    });

    private int Run()
    {
        var clock = Stopwatch.StartNew();
        Directory.CreateDirectory(options.Output);
        Console.WriteLine($"{images.Memory.Count:N0} images, {images.Queries.Count:N0} to ask about: {images.Source}.");

        IEstimator<ITransformer> pipeline = mlContext.Transforms.Conversion
            .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = "Id",
                NeighborCount = 10,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));

        ITransformer model = pipeline.Fit(View(images.Memory, "Remembering"));
        PredictionSet predictions = Evaluate(model);
        MistakeReport.Print(
            predictions,
            model.FindMemory<VisualMemoryTransformer>(),
            images,
            Path.Combine(options.Output, "neighbors.png"));
        LearnAndForget(pipeline);
        SaveAndReload(model, predictions);

        Console.WriteLine($"{(_hasFailed ? "Some checks FAILED" : "All checks passed")}; {clock.Elapsed:mm\\:ss}.");
        return _hasFailed ? 1 : 0;
    }

    private PredictionSet Evaluate(ITransformer model)
    {
        var clock = Stopwatch.StartNew();
        IDataView answers = mlContext.Data.Cache(
            model.Transform(View(images.Queries, "Asking")),
            "Id", "Label", "PredictedLabel", "PredictedClass", "Score");
        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(answers);

        Console.WriteLine($"1. Accuracy {metrics.MicroAccuracy:P2}, expected {images.Goal}: "
            + $"{Verdict(images.Goal.IsMetBy(metrics.MicroAccuracy))}. Asked in {clock.Elapsed.TotalSeconds:F1} s. "
            + "True classes down, predictions across:");
        ConfusionTable.Print(metrics.ConfusionMatrix, model.FindMemory<VisualMemoryTransformer>().ClassNames);
        return Read(model, answers);
    }

    private void LearnAndForget(IEstimator<ITransformer> pipeline)
    {
        string added = images.Memory.ClassNames[^1];
        int[] newIds = images.Memory.Where(label => label == added);
        int[] oldIds = images.Memory.Where(label => label != added);
        ITransformer model = pipeline.Fit(View(images.Memory, "Remembering", oldIds));
        PredictionSet before = Ask(model);
        Console.WriteLine($"3. Fitted without class {added}: {before.Accuracy(added):P2} of its queries are right "
            + $"(0 expected: {Verdict(before.Accuracy(added) == 0)}), {before.Accuracy():P2} of all.");

        var clock = Stopwatch.StartNew();
        VisualMemoryTransformer grown = model.FindMemory<VisualMemoryTransformer>()
            .Add(View(images.Memory, "Adding", newIds));
        TimeSpan addTime = clock.Elapsed;
        PredictionSet after = Ask(model.WithMemory(grown));
        bool isLearned = after.Accuracy(added) > 0.5 && after.Accuracy() > before.Accuracy();
        Console.WriteLine($"   After Add of its {newIds.Length:N0} images in {addTime.TotalSeconds:F2} s, no training: "
            + $"{after.Accuracy(added):P2} of its queries, {after.Accuracy():P2} of all: {Verdict(isLearned)}.");

        VisualMemoryTransformer forgetful = grown.Remove(newIds.Select(id => (long)id)).DropEmptyClasses();
        bool isSame = Ask(model.WithMemory(forgetful)).Fingerprint() == before.Fingerprint();
        Console.WriteLine("   After Remove of them, every prediction and score as before Add, bit for bit: "
            + $"{Verdict(isSame)}.");
    }

    private void SaveAndReload(ITransformer model, PredictionSet predictions)
    {
        string path = Path.Combine(options.Output, "model.zip");
        mlContext.Model.Save(model, View(images.Memory, "Saving").Schema, path);
        string fingerprint = FreshProcess.Run(["--predict", path, .. images.Arguments]);
        Console.WriteLine($"4. Saved {path} ({new FileInfo(path).Length / 1e6:F0} MB); a fresh process loaded it and "
            + $"predicts the same, bit for bit: {Verdict(fingerprint == predictions.Fingerprint())}.");
    }

    private int PredictWith(string path)
    {
        Console.WriteLine(Ask(mlContext.Model.Load(path, out _)).Fingerprint());
        return 0;
    }

    private PredictionSet Ask(ITransformer model) => Read(model, model.Transform(View(images.Queries, "Asking")));

    private PredictionSet Read(ITransformer model, IDataView answers)
        => new(mlContext, answers, images.Queries, model.FindMemory<VisualMemoryTransformer>().ClassNames);

    private IDataView View(ImageSet set, string title, int[]? ids = null)
        => mlContext.Data.LoadFromEnumerable(set.Rows(title, ids));

    private string Verdict(bool holds)
    {
        _hasFailed |= !holds;
        return holds ? "ok" : "FAILED";
    }
}
