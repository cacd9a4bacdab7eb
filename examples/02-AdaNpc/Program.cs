// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace AdaNpcExample;

/// <summary>A camera that slowly tips over: a memory that adapts to what it sees keeps up, one that stands still does
/// not.
/// </summary>
internal sealed class Program(MLContext mlContext, DemoOptions options, DemoImages images)
{
    private const int SourceCount = 2000;
    private const int MostOfAngle = 1000;
    private const int LastAngle = 90;
    private const int StepAngle = 10;

    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, (options, images) => new Program(new MLContext(seed: 1), options, images).Run());

    private int Run()
    {
        Console.WriteLine($"{SourceCount:N0} upright images to remember, others turned ever further to ask about: "
            + $"{images.Source}.");
        IEstimator<ITransformer> pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.AdaNpc(new AdaNpcOptions { BatchSize = 16 }));
        AdaNpcTransformer model = pipeline.Fit(View(images.Memory.Take(SourceCount).Rows("Remembering")))
            .FindMemory<AdaNpcTransformer>();

        AdaNpcSession session = model.CreateAdaptiveSession();
        AdaNpcSession still = model.CreateAdaptiveSession();
        ImageRow[] upright = Images(0);
        double start = Accuracy(still.Predict(View(upright)), upright);
        (double adaptive, double stood) = Turn(session, still);
        _checks.Add(
            $"1. At {LastAngle} degrees {adaptive:P1} are right; without adapting {stood:P1}", adaptive > stood + 0.1);

        double back = Accuracy(session.Predict(View(upright)), upright);
        _checks.Add($"2. Back upright {back:P1}; {start:P1} at the start", back > start - 0.05);
        Console.Write(session.Report().ToTable());

        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, "session.bin");
        using (FileStream file = File.Create(path)) session.Save(file);
        using (FileStream file = File.OpenRead(path))
        {
            AdaNpcSession resumed = model.ResumeAdaptiveSession(file);
            _checks.Add($"3. Saved {path} and resumed with {resumed.Count:N0} entries", resumed.Count == session.Count);
        }

        session.Reset();
        bool isReset = Accuracy(session.Predict(View(upright)), upright) == start && session.Count == SourceCount;
        _checks.Add($"4. Reset to the {session.Count:N0} images it was trained on", isReset);
        return _checks.Finish();
    }

    private (double Adaptive, double Still) Turn(AdaNpcSession session, AdaNpcSession still)
    {
        (double Adaptive, double Still) last = default;
        for (int angle = 0; angle <= LastAngle; angle += StepAngle)
        {
            ImageRow[] rows = Images(angle);
            session.StartDomain($"{angle} degrees");
            last = (Accuracy(session.Adapt(View(rows)), rows), Accuracy(still.Predict(View(rows)), rows));
        }

        return last;
    }

    /// <summary>Gives images that no other angle shows.</summary>
    private ImageRow[] Images(int angle)
    {
        int count = Math.Min(MostOfAngle, (images.Memory.Count - SourceCount) / ((LastAngle / StepAngle) + 1));
        int first = SourceCount + (angle / StepAngle * count);
        return [.. Turning.Rows(images.Memory, Enumerable.Range(first, count), angle)];
    }

    private IDataView View(IEnumerable<ImageRow> rows) => mlContext.Data.LoadFromEnumerable(rows);

    private static double Accuracy(IReadOnlyList<AdaptivePrediction> predictions, ImageRow[] rows)
        => predictions.Zip(rows).Count(each => each.First.Label == each.Second.Label) / (double)rows.Length;
}
