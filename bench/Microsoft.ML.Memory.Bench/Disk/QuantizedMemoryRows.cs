// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>A visual memory of all of MNIST by its vectors and by codes: bytes, accuracy, queries a second.</summary>
internal static class QuantizedMemoryRows
{
    private const int ClassCount = 10;
    private const int Repeats = 5;

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train") is not { } train) return;
        if (DigitImages.Read("mnist", "t10k") is not { } test) return;
        var mlContext = new MLContext(seed: 0);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Rows(train));
        IDataView queries = mlContext.Data.LoadFromEnumerable(Rows(test));
        (string Name, IndexOptions Index)[] kinds =
        [
            ("exact", new IndexOptions { Strategy = SearchStrategy.Exact }),
            ("codes of 98 bytes", Codes(98, keepVectors: false)),
            ("codes of 49 bytes", Codes(49, keepVectors: false)),
            ("codes of 49 bytes beside vectors", Codes(49, keepVectors: true)),
        ];
        byte[][] files = Array.ConvertAll(
            kinds, kind => Fit(report, mlContext, rows, Case(train, kind.Name), kind.Index));
        VisualMemoryTransformer[] memories = Array.ConvertAll(files, file => Load(mlContext, file));
        double[] bytes = Array.ConvertAll(memories, memory => KeyBytes(memory.Model));
        Timing[] times = Timing.Alternate(
            Repeats, [.. memories.Select(memory => new Action(() => Predict(memory, queries)))]);
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            string name = Case(train, kinds[kind].Name);
            report.Add(Beside(
                new Figure(name, "key and codebooks in memory", bytes[kind], "bytes an entry"),
                bytes[0] / bytes[kind],
                kind));
            report.Add(Beside(
                new Figure(name, "saved model", files[kind].Length / (double)train.Count, "bytes an entry"),
                files[0].Length / (double)files[kind].Length,
                kind));
            report.Add(new Figure(name, "accuracy", Accuracy(memories[kind], queries, test), "%"));
            report.Add(Beside(
                new Figure(name, "Transform", times[kind].Rate(test.Count), "queries/s")
                {
                    Spread = times[kind].Spread(test.Count),
                },
                times[0].Median / times[kind].Median,
                kind));
        }
    }

    private static string Case(DigitImages train, string kind) =>
        $"visual memory, MNIST {train.Count} x {DigitImages.Dimension}, k = 10, {kind}";

    private static Figure Beside(Figure figure, double ratio, int kind) =>
        kind == 0 ? figure : figure with { Peer = "exact", Ratio = ratio };

    private static IndexOptions Codes(int bytes, bool keepVectors) => new()
    {
        Strategy = SearchStrategy.Quantized,
        Quantization = new QuantizedSettings { SubspaceCount = bytes, KeepVectors = keepVectors },
    };

    private static byte[] Fit(
        BenchReport report, MLContext mlContext, IDataView rows, string name, IndexOptions index)
    {
        long start = Stopwatch.GetTimestamp();
        VisualMemoryTransformer memory = mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions { NeighborCount = 10, Index = index })
            .Fit(rows);
        report.Add(new Figure(name, "Fit, once", Stopwatch.GetElapsedTime(start).TotalSeconds, "s"));
        using var file = new MemoryStream();
        mlContext.Model.Save(memory, null, file);
        return file.ToArray();
    }

    private static VisualMemoryTransformer Load(MLContext mlContext, byte[] file)
        => mlContext.Model.Load(new MemoryStream(file), out _).FindMemory<VisualMemoryTransformer>();

    /// <summary>Gives the bytes of keys or codes of an entry, and its share of the codebooks, which are held twice.
    /// </summary>
    private static double KeyBytes(BankSnapshot memory)
    {
        int codebooks = memory.Quantizer is null ? 0 : 2 * memory.Dimension * ProductQuantizer.CentroidCount;
        return BankQuantizer.KeyBytes(memory.Dimension, memory.Quantizer)
            + ((double)codebooks * sizeof(float) / memory.Count);
    }

    private static uint[] Predict(VisualMemoryTransformer memory, IDataView queries)
        => [.. memory.Transform(queries).GetColumn<uint>("PredictedLabel")];

    private static double Accuracy(VisualMemoryTransformer memory, IDataView queries, DigitImages test)
        => 100.0 * Predict(memory, queries).Zip(test.Labels).Count(pair => pair.First == pair.Second + 1) / test.Count;

    private static DigitRow[] Rows(DigitImages images) => [.. Enumerable.Range(0, images.Count).Select(
        row => new DigitRow
        {
            Label = (uint)images.Labels[row],
            Features = images.Pixels[(row * DigitImages.Dimension)..((row + 1) * DigitImages.Dimension)],
        })];

    private sealed class DigitRow
    {
        [KeyType(ClassCount)]
        public uint Label { get; set; }

        [VectorType(DigitImages.Dimension)]
        public float[] Features { get; set; } = [];
    }
}
