// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Numerics.Tensors;

namespace Microsoft.ML.Memory.Bench;

/// <summary>A compressed bank against the whole one: accuracy, codes in use, bytes.</summary>
internal static class CompressedRows
{
    private const int ClassCount = 10;
    private const double Gamma = 20;
    private const int Rank = 16;
    private const double Alpha = 32;

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train")?.Take(8000) is not { } train
            || DigitImages.Read("mnist", "t10k")?.Take(2000) is not { } test)
        {
            report.Note("The compressed rows were left out: the data folder is not here. Set MEMORY_ML_DATA to it.");
            return;
        }

        var settings = new CodebookSettings();
        string name = $"mnist 8000, {settings.CodeCount} codes, {settings.Epochs} epochs, seed {settings.Seed}";
        long start = Stopwatch.GetTimestamp();
        CompressedBank bank = Fill(train, settings);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double full = FullBank(train, test), compressed = Accuracy(new HistogramReader(bank, Gamma), test);
        double unreset = Accuracy(
            new HistogramReader(Fill(train, settings with { Reset = CodeReset.Never }), Gamma), test);
        report.Add(new Figure(name, "accuracy", compressed, "%"));
        report.Add(new Figure(name, "accuracy of the whole bank, rank vote, k = 10", full, "%"));
        Points(report, name, "accuracy minus whole bank", compressed - full, "whole bank", floor: -3);
        report.Add(new Figure(name, "accuracy without resets", unreset, "%"));
        report.Add(new Figure(name, "used codes", bank.UsedCodeCount, "codes")
        {
            Peer = "300 codes",
            Ratio = bank.UsedCodeCount / 300.0,
            Floor = 1,
        });
        report.Add(new Figure(name, "perplexity", bank.Perplexity, "codes"));
        double raw = (double)train.Pixels.Length * sizeof(float);
        report.Add(new Figure(name, "index bytes", bank.IndexBytes, "B")
        {
            Peer = "0.1 % of the whole bank",
            Ratio = raw / 1000 / bank.IndexBytes,
            Floor = 1,
        });
        report.Add(new Figure(name, "bank bytes, with classes and ids", bank.BankBytes, "B"));
        report.Add(new Figure(name, "codebook bytes", bank.CodebookBytes, "B"));
        report.Add(new Figure(name, "training and adding all", seconds, "s"));
        Attend(report, name, bank, train, test);
        Time(report, name, bank, train, test);
    }

    private static void Attend(
        BenchReport report, string name, CompressedBank bank, DigitImages train, DigitImages test)
    {
        var plain = new AttentionWeights { HeadDimension = DigitImages.Dimension, Scale = 2 * Gamma };
        report.Add(new Figure(name, "accuracy by attention", Accuracy(new AttentionReader(bank, plain), test), "%"));
        long start = Stopwatch.GetTimestamp();
        float[] rows = [.. train.Pixels];
        Codebook.Prepare(rows, DigitImages.Dimension, bank.Codebook.Settings);
        CodeCorrection correction = CorrectionTrainer.Train(
            bank, rows, new CorrectionSettings { Rank = Rank, Alpha = Alpha, Scale = 2 * Gamma });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.Add(new Figure(
            name,
            "accuracy by attention, corrected",
            Accuracy(new AttentionReader(bank, plain with { Correction = correction }), test),
            "%"));
        report.Add(new Figure(name, "learning the correction", seconds, "s"));
    }

    private static void Time(
        BenchReport report, string name, CompressedBank bank, DigitImages train, DigitImages test)
    {
        var reader = new HistogramReader(bank, Gamma);
        Timing read = Timing.Of(() => Accuracy(reader, test), repeats: 5);
        report.Add(new Figure(name, "per query", 1000 * read.Median / test.Count, "ms"));
        DigitImages one = train.Take(1);
        Timing added = Timing.Of(() => bank.Add(one.Pixels, one.Labels, ClassCount), repeats: 15);
        report.Add(new Figure(name, "per added entry, one by one", 1000 * added.Median, "ms"));
    }

    private static CompressedBank Fill(DigitImages train, CodebookSettings settings)
        => new CompressedBank(Codebook.Train(train.Pixels, DigitImages.Dimension, settings), ClassCount)
            .Add(train.Pixels, train.Labels, ClassCount);

    private static void Points(
        BenchReport report, string name, string metric, double points, string peer, double floor)
        => report.Add(new Figure(name, metric, points, "points") { Peer = peer, Ratio = points, Floor = floor });

    private static double Accuracy(ICodeReader reader, DigitImages test)
    {
        float[] rows = [.. test.Pixels];
        Codebook.Prepare(rows, DigitImages.Dimension, new CodebookSettings());
        int correct = 0;
        Parallel.For(0, test.Count, row =>
        {
            double[] scores = new double[ClassCount];
            reader.Read(
                rows.AsSpan(row * DigitImages.Dimension, DigitImages.Dimension),
                scores,
                new double[reader.ScratchLength]);
            if (TensorPrimitives.IndexOfMax<double>(scores) == test.Labels[row]) Interlocked.Increment(ref correct);
        });
        return 100.0 * correct / test.Count;
    }

    private static double FullBank(DigitImages train, DigitImages test)
    {
        const int NeighborCount = 10;
        var bank = new MemoryBank(DigitImages.Dimension);
        bank.AddRange(train.Pixels, train.Labels);
        BankSnapshot memory = bank.Snapshot();
        var neighbors = new NeighborTable();
        memory.Search(test.Pixels, NeighborCount, neighbors);
        var counter = new VoteCounter(ClassCount, TieBreak.FirstToReach);
        double[] weights = new double[NeighborCount], shares = new double[ClassCount];
        int correct = 0;
        for (int row = 0; row < test.Count; row++)
        {
            new RankVote().Weigh(
                Array.ConvertAll(neighbors.DistancesOf(row).ToArray(), distance => (double)distance), weights);
            int[] labels = [.. neighbors.PositionsOf(row).ToArray().Select(memory.LabelAt)];
            if (counter.Count(labels, weights, shares) == test.Labels[row]) correct++;
        }

        return 100.0 * correct / test.Count;
    }
}
