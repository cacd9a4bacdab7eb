// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory.Bench;

/// <summary>An exported memory in ONNX Runtime against our own exact search: time, size, agreement.</summary>
internal static class ExportBench
{
    private const int EntryCount = 10_000;
    private const int QueryCount = 2_000;
    private const int NeighborCount = 10;
    private const int Dimension = DigitImages.Dimension;
    private const int Repeats = 3;

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train") is not { } train || DigitImages.Read("mnist", "t10k") is not { } test)
        {
            report.Note("The folder mnist is not here: set MEMORY_ML_DATA to the data folder.");
            return;
        }

        var mlContext = new MLContext(seed: 0);
        foreach (Metric metric in (Metric[])[Metric.Cosine, Metric.SquaredEuclidean])
        {
            VisualMemoryTransformer memory = mlContext.MulticlassClassification.Trainers
                .VisualMemory(new VisualMemoryOptions
                {
                    NeighborCount = NeighborCount,
                    Metric = metric,
                    NeighborColumns = NeighborColumns.Ids,
                })
                .Fit(View(mlContext, train.Take(EntryCount)));
            Measure(report, mlContext, memory, test.Take(QueryCount));
        }
    }

    private static void Measure(
        BenchReport report, MLContext mlContext, VisualMemoryTransformer memory, DigitImages test)
    {
        byte[] single = Export(memory, OnnxWeights.Single);
        byte[] rounded = Export(memory, OnnxWeights.Int8);
        string name = $"{memory.Options.Metric}, {EntryCount} x {Dimension}, k = {NeighborCount}";
        report.Add(new Figure(name, "file, Single", single.Length / 1e6, "MB"));
        report.Add(new Figure(name, "file, Int8", rounded.Length / 1e6, "MB")
        {
            Peer = "file, Single",
            Ratio = rounded.Length / (double)single.Length,
        });

        using InferenceSession exact = Open(single);
        using InferenceSession coarse = Open(rounded);
        (long[] Ids, uint[] Keys, float[] Scores) own = Own(memory, View(mlContext, test));
        Agreement(report, name + ", Single", own, Predict(exact, test.Pixels, QueryCount));
        Agreement(report, name + ", Int8", own, Predict(coarse, test.Pixels, QueryCount));

        foreach (int batch in (int[])[1, 32, 256])
        {
            float[] rows = test.Pixels[..(batch * Dimension)];
            var neighbors = new NeighborTable();
            Timing[] times = Timing.Alternate(
                batch == 1 ? 31 : Repeats,
                () => memory.Model.Search(rows, NeighborCount, neighbors),
                () => Run(exact, rows, batch),
                () => Run(coarse, rows, batch));
            string what = $"{name}, batch {batch}";
            report.Add(new Figure(what, "own search", times[0].Rate(batch), "rows/s")
            {
                Spread = times[0].Spread(batch),
            });
            Compare(report, what, "graph, Single", times[0], times[1], batch);
            Compare(report, what, "graph, Int8", times[0], times[2], batch);
        }
    }

    private static void Compare(BenchReport report, string name, string metric, Timing own, Timing graph, int rows)
        => report.Add(new Figure(name, metric, graph.Rate(rows), "rows/s")
        {
            Spread = graph.Spread(rows),
            Peer = "own search",
            Ratio = own.Median / graph.Median,
        });

    private static void Agreement(
        BenchReport report,
        string name,
        (long[] Ids, uint[] Keys, float[] Scores) own,
        (long[] Ids, uint[] Keys, float[] Scores) graph)
    {
        int found = 0;
        for (int start = 0; start < own.Ids.Length; start += NeighborCount)
        {
            found += own.Ids.AsSpan(start, NeighborCount).ToArray()
                .Intersect(graph.Ids.AsSpan(start, NeighborCount).ToArray()).Count();
        }

        int same = own.Keys.Zip(graph.Keys).Count(pair => pair.First == pair.Second);
        float farthest = own.Scores.Zip(graph.Scores).Max(pair => Math.Abs(pair.First - pair.Second));
        report.Add(new Figure(name, "recall of the own neighbours", found / (double)own.Ids.Length, ""));
        report.Add(new Figure(name, "same labels", same / (double)own.Keys.Length, ""));
        report.Add(new Figure(name, "largest difference of scores", farthest, ""));
    }

    private static byte[] Export(VisualMemoryTransformer memory, OnnxWeights weights)
    {
        using var stream = new MemoryStream();
        memory.ExportToOnnx(stream, new OnnxExportOptions { Labels = OnnxLabels.Keys, Weights = weights });
        return stream.ToArray();
    }

    private static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };

        // Its threads would go on spinning while ours are timed.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(model, options);
    }

    private static (long[] Ids, uint[] Keys, float[] Scores) Own(VisualMemoryTransformer memory, IDataView rows)
    {
        Prediction[] all = [.. new MLContext().Data.CreateEnumerable<Prediction>(memory.Transform(rows), false)];
        return (
            [.. all.SelectMany(row => row.NeighborIds)],
            [.. all.Select(row => row.PredictedLabel)],
            [.. all.SelectMany(row => row.Score)]);
    }

    private static (long[] Ids, uint[] Keys, float[] Scores) Predict(
        InferenceSession session, float[] rows, int count)
    {
        var ids = new List<long>();
        var keys = new List<uint>();
        var scores = new List<float>();
        for (int start = 0; start < count; start += 100)
        {
            float[] part = rows[(start * Dimension)..((start + 100) * Dimension)];
            using var options = new RunOptions();
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(part, [100, Dimension]);
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
                options, ["Features"], [input], ["NeighborIds", "PredictedLabel", "Score"]);
            ids.AddRange(outputs[0].GetTensorDataAsSpan<long>());
            keys.AddRange(outputs[1].GetTensorDataAsSpan<uint>());
            scores.AddRange(outputs[2].GetTensorDataAsSpan<float>());
        }

        return ([.. ids], [.. keys], [.. scores]);
    }

    private static void Run(InferenceSession session, float[] rows, int count)
    {
        using var options = new RunOptions();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(rows, [count, Dimension]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            options, ["Features"], [input], ["PredictedLabel", "Score"]);
    }

    private static IDataView View(MLContext mlContext, DigitImages digits)
        => mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, digits.Count).Select(row => new Digit
        {
            Label = (uint)digits.Labels[row],
            Features = digits.Pixels[(row * Dimension)..((row + 1) * Dimension)],
        }));

    private sealed class Digit
    {
        [KeyType(10)]
        public uint Label { get; set; }

        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        [KeyType(10)]
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public long[] NeighborIds { get; set; } = [];
    }
}
