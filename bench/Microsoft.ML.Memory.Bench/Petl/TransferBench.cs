// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Accuracy, size and memory of every tuning method, on a ViT pretrained on Fashion-MNIST.</summary>
/// <remarks>Run <c>bench pretrain</c> first. 15 epochs, batches of 32. Nothing is timed, so it may run beside other
/// work; <see cref="EpochTimes"/> times the same methods.</remarks>
internal static class TransferBench
{
    private const int EpochCount = 15;
    private static readonly long[] _seeds = [1, 2, 3];

    public static void Run(BenchReport report)
    {
        TransferSet[] sets = [.. TransferSet.All()];
        if (sets.Length == 0 || !Directory.Exists(MicroVitPretraining.Folder))
        {
            report.Note("petl needs the image sets (MEMORY_ML_DATA) and the backbone that bench pretrain makes.");
            return;
        }

        using Backbone backbone = Backbone.Load(MicroVitPretraining.Folder);
        FormulaRows.Run(report);
        double probe = 0;
        var points = new List<(string Name, double Share, double Accuracy)>();
        foreach ((string name, FineTuneOptions options) in TransferMethods.All)
        {
            double[] accuracies = [.. sets.Select(set => Measure(report, backbone, set, name, options))];
            double share = MemoryModel.Ratio(
                MemoryShape.Of(backbone.Config), MemoryMethod.Of(options, backbone.Config));
            report.Add(new Figure(name, "activations by formula", share, "x full"));
            double mean = accuracies.Average();
            probe = probe == 0 ? mean : probe;
            report.Add(new Figure(name, "mean accuracy", mean, "share")
            {
                Peer = "linear probe",
                Ratio = mean / probe,
                Floor = 1,
            });
            points.Add((name, share, accuracies.Average()));
        }

        report.Note(TransferPlot.Save(points));
    }

    /// <returns>The mean accuracy of the seeds.</returns>
    private static double Measure(
        BenchReport report, Backbone backbone, TransferSet set, string name, FineTuneOptions options)
    {
        var accuracies = new List<double>();
        FineTuneReport? run = null;
        foreach (long seed in _seeds)
        {
            (double accuracy, run) = Once(backbone, set, options with { Seed = seed, EpochCount = EpochCount });
            accuracies.Add(accuracy);
        }

        string spread = string.Create(
            CultureInfo.InvariantCulture, $"{accuracies.Min():0.000}-{accuracies.Max():0.000}");
        report.Add(new Figure($"{name}, {set.Name}", "accuracy", accuracies.Average(), "share") { Spread = spread });
        report.Add(new Figure($"{name}, {set.Name}", "trained numbers", run!.TrainedParameters, "numbers"));
        return accuracies.Average();
    }

    /// <summary>Fits once and tests.</summary>
    public static (double Accuracy, FineTuneReport Report) Once(
        Backbone backbone, TransferSet set, FineTuneOptions options)
    {
        var context = new MLContext(1);
        IDataView train = context.Data.LoadFromEnumerable(set.Train);
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.MulticlassClassification.Trainers.FineTune(backbone, options));
        var model = pipeline.Fit(train);
        using FineTuneTransformer tuned = model.LastTransformer;
        IDataView scored = model.Transform(context.Data.LoadFromEnumerable(set.Test));
        uint[] truth = [.. scored.GetColumn<uint>("Label")];
        uint[] predicted = [.. scored.GetColumn<uint>("PredictedLabel")];
        double right = truth.Zip(predicted).Count(pair => pair.First == pair.Second);
        return (right / truth.Length, tuned.Model.Report);
    }
}
