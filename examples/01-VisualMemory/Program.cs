// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms;

namespace VisualMemoryExample;

/// <summary>Image classification by remembering: fit, ask, explain, learn a class, forget it, save, load elsewhere.</summary>
internal sealed class Program(MLContext mlContext, DemoOptions options, DemoImages images)
{
    private const double AccuracyTolerance = 0.0005;
    private const double AccuracyFloor = 0.75;

    private bool _hasFailed;

    private static int Main(string[] arguments)
    {
        try
        {
            var options = DemoOptions.Parse(arguments);
            var program = new Program(new MLContext(seed: 1), options, DemoImages.Load(options));
            return options.Predict is { } path ? program.PredictWith(path) : program.Run();
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidDataException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }

    private int Run()
    {
        var clock = Stopwatch.StartNew();
        Directory.CreateDirectory(options.Output);
        Console.WriteLine($"{images.Memory.Count:N0} images to remember, {images.Queries.Count:N0} to ask about: {images.Source}.");

        IEstimator<ITransformer> pipeline = mlContext.Transforms.Conversion
            .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = "Id",
                NeighborCount = 10,
                NeighborColumns = NeighborColumns.All,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));

        ITransformer model = pipeline.Fit(View(images.Memory, "Remembering"));
        PredictionSet predictions = Evaluate(model);
        Explain(predictions);
        LearnAndForget(pipeline);
        SaveAndReload(model, predictions);

        Console.WriteLine($"{(_hasFailed ? "Some checks FAILED" : "All checks passed")}; {clock.Elapsed.TotalSeconds:F0} s in all.");
        return _hasFailed ? 1 : 0;
    }

    private PredictionSet Evaluate(ITransformer model)
    {
        var clock = Stopwatch.StartNew();
        IDataView answers = mlContext.Data.Cache(
            model.Transform(View(images.Queries, "Asking")),
            "Id", "Label", "PredictedLabel", "PredictedClass", "Score", "NeighborIds", "NeighborDistances", "NeighborWeights");
        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(answers);

        double accuracy = metrics.MicroAccuracy;
        bool isExpected = images.ExpectedAccuracy is { } known
            ? Math.Abs(accuracy - known) <= AccuracyTolerance
            : accuracy >= AccuracyFloor;
        string expected = images.ExpectedAccuracy is { } value ? $"{value:P2}" : $"above {AccuracyFloor:P0}";
        Console.WriteLine($"1. Accuracy {accuracy:P2}, expected {expected}: {Verdict(isExpected)}. "
            + $"Asking took {clock.Elapsed.TotalSeconds:F1} s. Rows are true classes, columns predictions:");
        ConfusionTable.Print(metrics.ConfusionMatrix, model.FindVisualMemory().ClassNames);
        return new PredictionSet(mlContext, answers, images.Queries);
    }

    private void Explain(PredictionSet predictions)
    {
        Prediction mistake = predictions.ClosestMistake();
        string path = Path.Combine(options.Output, "neighbors.png");
        ContactSheet.Write(path, mistake, images.Queries, images.Memory);

        string truth = predictions.TruthOf(mistake);
        Console.WriteLine($"2. Why query {mistake.Id}, which is {truth}, was taken for {mistake.PredictedClass}: "
            + $"its nearest by label, distance and share of the vote, all of them in {path}:");
        Console.WriteLine("   " + string.Join("; ", mistake.NeighborIds.Take(5).Select((id, rank) =>
            $"#{id} {images.Memory.LabelOf((int)id)} {mistake.NeighborDistances[rank]:F4} {mistake.NeighborWeights[rank]:P0}")));
    }

    private void LearnAndForget(IEstimator<ITransformer> pipeline)
    {
        string added = images.Memory.ClassNames[^1];
        int[] newIds = images.Memory.Where(label => label == added);
        ITransformer model = pipeline.Fit(View(images.Memory, "Remembering", images.Memory.Where(label => label != added)));
        PredictionSet before = Ask(model);
        Console.WriteLine($"3. Fitted without class {added}: {before.Accuracy(added):P2} of its queries are right, "
            + $"{before.Accuracy():P2} of all (0 is right: {Verdict(before.Accuracy(added) == 0)}).");

        var clock = Stopwatch.StartNew();
        VisualMemoryTransformer grown = model.FindVisualMemory().Add(View(images.Memory, "Adding", newIds));
        TimeSpan addTime = clock.Elapsed;
        PredictionSet after = Ask(model.WithVisualMemory(grown));
        bool isLearned = after.Accuracy(added) > 0.5 && after.Accuracy() > before.Accuracy();
        Console.WriteLine($"   After Add of its {newIds.Length:N0} images in {addTime.TotalSeconds:F2} s, no training: "
            + $"{after.Accuracy(added):P2} of its queries, {after.Accuracy():P2} of all: {Verdict(isLearned)}.");

        VisualMemoryTransformer forgetful = grown.Remove(newIds.Select(id => (long)id)).DropEmptyClasses();
        bool isSame = Ask(model.WithVisualMemory(forgetful)).Fingerprint() == before.Fingerprint();
        Console.WriteLine($"   After Remove of them, every prediction and score as before Add, bit for bit: {Verdict(isSame)}.");
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

    private PredictionSet Ask(ITransformer model)
        => new(mlContext, model.Transform(View(images.Queries, "Asking")), images.Queries);

    private IDataView View(ImageSet set, string title, int[]? ids = null)
        => mlContext.Data.LoadFromEnumerable(set.Rows(title, ids));

    private string Verdict(bool holds)
    {
        _hasFailed |= !holds;
        return holds ? "ok" : "FAILED";
    }
}
