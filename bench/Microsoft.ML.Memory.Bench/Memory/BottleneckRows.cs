// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The key-value bottleneck, task after task, against all tasks at once and a linear probe.</summary>
internal static class BottleneckRows
{
    private const int TaskCount = 5;
    private const int ClassCount = 10;

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train")?.Take(8000) is not { } train
            || DigitImages.Read("mnist", "t10k")?.Take(2000) is not { } test)
        {
            report.Note("The bottleneck rows were left out: the data folder is not here. Set MEMORY_ML_DATA to it.");
            return;
        }

        var settings = new BottleneckSettings();
        string name = $"mnist 8000, {settings.HeadCount} heads x {settings.PairCount} pairs, "
            + $"{settings.Epochs} epochs, seed {settings.Seed}";
        long start = Stopwatch.GetTimestamp();
        KeyValueBottleneck keys = KeyValueBottleneck.LearnKeys(train.Pixels, DigitImages.Dimension, settings);
        double keySeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        KeyValueBottleneck joint = keys.Learn(train.Pixels, train.Labels, ClassCount);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        KeyValueBottleneck staged = keys, growing = keys;
        for (int task = 0; task < TaskCount; task++)
        {
            DigitImages part = PartOf(train, task);
            staged = staged.Learn(part.Pixels, part.Labels, ClassCount);
            growing = growing.Learn(part.Pixels, part.Labels, ClassCount / TaskCount * (task + 1));
            report.Add(new Figure(name, $"accuracy after task {task + 1}", 100 * Accuracy(staged, test), "%"));
        }

        double atOnce = 100 * Accuracy(joint, test), afterAll = 100 * Accuracy(staged, test);
        double probe = 100 * LinearProbe.Accuracy(train, test, TaskCount);
        report.Add(new Figure(name, "accuracy, all tasks at once", atOnce, "%"));
        report.Add(new Figure(name, "linear probe, task after task", probe, "%"));
        Points(report, name, "task after task minus all at once", afterAll - atOnce, "all at once", floor: -2);
        double grown = 100 * Accuracy(growing, test);
        Points(
            report,
            name,
            "task after task, classes as they come, minus all at once",
            grown - atOnce,
            "all at once",
            -2);
        Points(report, name, "task after task minus linear probe", afterAll - probe, "linear probe", floor: 60);
        report.Add(new Figure(name, "learning keys", keySeconds, "s"));
        report.Add(new Figure(name, "keys and values", seconds, "s")
        {
            Peer = "60 s",
            Ratio = 60 / seconds,
            Floor = 1,
        });
        report.Add(new Figure(name, "size", joint.SizeBytes / 1e6, "MB"));
        Time(report, name, joint, train, test);
    }

    private static void Time(
        BenchReport report, string name, KeyValueBottleneck model, DigitImages train, DigitImages test)
    {
        float[] scores = new float[test.Count * ClassCount];
        Timing many = Timing.Of(() => model.Predict(test.Pixels, scores), repeats: 5);
        report.Add(new Figure(name, "per query, in blocks", 1000 * many.Median / test.Count, "ms"));
        DigitImages one = test.Take(1);
        Timing single = Timing.Of(() => model.Predict(one.Pixels, scores.AsSpan(0, ClassCount)), repeats: 25);
        report.Add(new Figure(name, "per query, one by one", 1000 * single.Median, "ms"));
        DigitImages added = train.Take(1);
        Timing learned = Timing.Of(() => model.Learn(added.Pixels, added.Labels, ClassCount), repeats: 5);
        report.Add(new Figure(name, "per added row, one by one", 1000 * learned.Median, "ms"));
    }

    private static void Points(
        BenchReport report, string name, string metric, double points, string peer, double floor)
        => report.Add(new Figure(name, metric, points, "points") { Peer = peer, Ratio = points, Floor = floor });

    /// <summary>Gives the rows of two classes.</summary>
    private static DigitImages PartOf(DigitImages images, int task)
    {
        int[] rows = [.. Enumerable.Range(0, images.Count).Where(row => images.Labels[row] / 2 == task)];
        return new DigitImages(
            [.. rows.SelectMany(row => images.Slice(row, 1).Pixels)], Array.ConvertAll(
                rows, row => images.Labels[row]));
    }

    private static double Accuracy(KeyValueBottleneck model, DigitImages test)
    {
        float[] scores = new float[test.Count * ClassCount];
        model.Predict(test.Pixels, scores);
        return Enumerable.Range(0, test.Count).Count(row =>
        {
            ReadOnlySpan<float> own = scores.AsSpan(row * ClassCount, ClassCount);
            return System.Numerics.Tensors.TensorPrimitives.IndexOfMax(own) == test.Labels[row];
        }) / (double)test.Count;
    }
}
