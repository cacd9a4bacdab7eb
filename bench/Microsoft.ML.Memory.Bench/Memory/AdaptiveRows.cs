// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Adaptive memories on streams that drift, against the same memory that stands still.</summary>
internal static class AdaptiveRows
{
    private const int SourceCount = 4000;
    private const int RowsOfAngle = 1400;
    private const int StepAngle = 15;
    private const int LastAngle = 90;

    /// <summary>The defaults with batches as the authors use them.</summary>
    private static readonly AdaptationSettings _settings = new() { BatchSize = 32 };

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train") is { } train && DigitImages.Read("mnist", "t10k") is { } test)
        {
            Turn(report, train, test, isDisjoint: true);
            Turn(report, train, test, isDisjoint: false);
            if (UspsDigits.Read() is { } usps) Shift(report, train, usps);
        }
        else
        {
            report.Note("The adaptive rows were left out: the data folder is not here. Set MEMORY_ML_DATA to it.");
            return;
        }

        if (StreamRows.Electricity() is { } electricity) Stream(report, electricity, sourceCount: 2000);
        if (StreamRows.Outdoor() is { } outdoor) Stream(report, outdoor, sourceCount: 1000);
    }

    private static void Turn(BenchReport report, DigitImages train, DigitImages test, bool isDisjoint)
    {
        DigitImages source = train.Take(SourceCount);
        AdaptiveMemory adaptive = Start(source.Pixels, source.Labels, 10, _settings);
        AdaptiveMemory still = Start(source.Pixels, source.Labels, 10, _settings);
        string name = $"mnist {SourceCount}, {RowsOfAngle} digits an angle, "
            + (isDisjoint ? "other digits at each" : "the same digits at each");
        DigitImages upright = test.Take(RowsOfAngle);
        double atStart = Correct(still, upright, adapt: false);
        double adapted = 0, stood = 0;
        for (int angle = 0; angle <= LastAngle; angle += StepAngle)
        {
            int first = isDisjoint ? angle / StepAngle * RowsOfAngle : 0;
            DigitImages turned = Rotation.Turn(test.Slice(first, RowsOfAngle), angle);
            adapted = Correct(adaptive, turned, adapt: true);
            stood = Correct(still, turned, adapt: false);
        }

        double back = Correct(adaptive, upright, adapt: false);
        report.Add(new Figure(name, "accuracy at 90 degrees", 100 * adapted, "%"));
        report.Add(new Figure(name, "static accuracy at 90 degrees", 100 * stood, "%"));
        Points(
            report, name, "adaptive minus static at 90 degrees", 100 * (adapted - stood), "static memory", floor: 40);
        Points(report, name, "back upright minus start", 100 * (back - atStart), "start", floor: -4);
        if (isDisjoint) Cost(report, name, adaptive, upright);
    }

    private static void Cost(BenchReport report, string name, AdaptiveMemory memory, DigitImages images)
    {
        var predictions = new AdaptivePredictions();
        report.Add(new Figure(
            name, "keys of the memory", memory.Count * (double)DigitImages.Dimension * sizeof(float) / 1e6, "MB"));
        Timing query = Timing.Of(() => memory.Predict(images.Pixels, predictions), repeats: 5);
        report.Add(new Figure(name, "per query, in blocks", 1000 * query.Median / images.Count, "ms"));
        Timing adapted = Timing.Of(() => memory.Adapt(images.Pixels, predictions), repeats: 5);
        report.Add(new Figure(name, "per adapted row, batches of 32", 1000 * adapted.Median / images.Count, "ms"));
        AdaptiveMemory single = new(memory.Snapshot(), new AdaptationSettings { BatchSize = 1 });
        DigitImages few = images.Take(200);
        Timing one = Timing.Of(() => single.Adapt(few.Pixels, predictions), repeats: 5);
        report.Add(new Figure(name, "per adapted row, one by one", 1000 * one.Median / few.Count, "ms"));
    }

    private static void Shift(BenchReport report, DigitImages train, DigitImages usps)
    {
        DigitImages source = train.Take(SourceCount);
        string name = $"mnist {SourceCount} to usps {usps.Count}";
        AdaptiveMemory adaptive = Start(source.Pixels, source.Labels, 10, _settings);
        double stood = Correct(adaptive, usps, adapt: false);
        double adapted = Correct(adaptive, usps, adapt: true);
        report.Add(new Figure(name, "accuracy", 100 * adapted, "%"));
        Points(report, name, "adaptive minus static", 100 * (adapted - stood), "static memory", floor: 0);
    }

    /// <summary>Predict, then learn the true label: the first rows are the source.</summary>
    private static void Stream(BenchReport report, StreamRows stream, int sourceCount)
    {
        (float[] rows, int[] labels, int d) = (stream.Standardized(sourceCount), stream.Labels, stream.Dimension);
        string name = $"{stream.Name}, {sourceCount} rows as source, {labels.Length - sourceCount} streamed";
        float[] source = rows[..(sourceCount * d)];
        AdaptiveMemory still = Start(source, labels[..sourceCount], stream.ClassCount, new AdaptationSettings());
        AdaptiveMemory alone = Start(source, labels[..sourceCount], stream.ClassCount, new AdaptationSettings());
        AdaptiveMemory taught = Start(source, labels[..sourceCount], stream.ClassCount, new AdaptationSettings());
        float[] streamed = rows[(sourceCount * d)..];
        int[] truth = labels[sourceCount..];
        var predictions = new AdaptivePredictions();
        still.Predict(streamed, predictions);
        double stood = Share(predictions, truth);
        alone.Adapt(streamed, predictions);
        double adapted = Share(predictions, truth);

        int correct = 0, unchanged = 0;
        long start = Stopwatch.GetTimestamp();
        for (int row = 0; row < truth.Length; row++)
        {
            ReadOnlySpan<float> features = streamed.AsSpan(row * d, d);
            taught.Predict(features, predictions);
            if (predictions.LabelOf(0) == truth[row]) correct++;
            if (labels[sourceCount + row - 1] == truth[row]) unchanged++;
            taught.Learn(features, [truth[row]]);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double learned = correct / (double)truth.Length;
        report.Add(new Figure(name, "static accuracy", 100 * stood, "%"));
        report.Add(new Figure(name, "accuracy on predicted labels alone", 100 * adapted, "%"));
        report.Add(new Figure(name, "accuracy, predict then learn", 100 * learned, "%"));
        report.Add(new Figure(name, "no-change accuracy", 100.0 * unchanged / truth.Length, "%"));
        Points(report, name, "predict then learn minus static", 100 * (learned - stood), "static memory", floor: 0);
        report.Add(new Figure(name, "predict and learn, per row", 1000 * seconds / truth.Length, "ms"));
    }

    private static void Points(
        BenchReport report, string name, string metric, double points, string peer, double floor)
        => report.Add(new Figure(name, metric, points, "points") { Peer = peer, Ratio = points, Floor = floor });

    private static AdaptiveMemory Start(float[] rows, int[] labels, int classCount, AdaptationSettings settings)
    {
        var bank = new MemoryBank(rows.Length / labels.Length);
        bank.AddRange(rows, labels);
        return new AdaptiveMemory(bank.Snapshot(), classCount, settings);
    }

    private static double Correct(AdaptiveMemory memory, DigitImages images, bool adapt)
    {
        var predictions = new AdaptivePredictions();
        if (adapt) memory.Adapt(images.Pixels, predictions);
        else memory.Predict(images.Pixels, predictions);
        return Share(predictions, images.Labels);
    }

    private static double Share(AdaptivePredictions predictions, int[] truth)
        => Enumerable.Range(0, truth.Length).Count(row => predictions.LabelOf(row) == truth[row])
            / (double)truth.Length;
}
