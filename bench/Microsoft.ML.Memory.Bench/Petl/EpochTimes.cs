// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Time of an epoch of every tuning method, of readout methods against LoRA's, and of LoRA's against a bare
/// loop.</summary>
/// <remarks>On a backbone of the sizes of <c>petl</c>'s and images of random numbers: what a step costs does not depend
/// on what the numbers are, so neither data nor a pretrained backbone is needed.</remarks>
internal static class EpochTimes
{
    private const int BatchSize = 32;
    private const int Rounds = 3;
    private const int EpochCount = 3; // the first of which is not timed
    private const int RowCount = 1000;
    private const int ClassCount = 10;

    private static readonly (string Name, FineTuneOptions Options)[] _readouts =
    [
        ("VQT", new VqtOptions()),
        ("LST r 4", new LstOptions { Reduction = 4 }),
        ("UniPT r 4", new UniPtOptions { Reduction = 4 }),
    ];

    public static void Run(BenchReport report)
    {
        using Backbone backbone = Backbone.Create(MicroVitPretraining.Config, 1);
        TransferSet set = Random();
        AgainstPeers(report, backbone, set);
        foreach ((string name, FineTuneOptions options) in TransferMethods.All)
        {
            double seconds = Epoch(backbone, set, options);
            report.Add(new Figure($"{name}, 1,000 rows", "fastest epoch as in petl", seconds, "s"));
        }
    }

    private static TransferSet Random()
    {
        var random = new SeededRandom(1);
        TransferRow[] rows =
        [
            .. Enumerable.Range(0, RowCount).Select(i => new TransferRow
            {
                Label = (uint)(i % ClassCount),
                Features = [.. Enumerable.Range(0, DigitImages.Dimension).Select(_ => (float)random.NextGaussian())],
            }),
        ];
        return new TransferSet("random", rows, rows[..ClassCount]);
    }

    private static void AgainstPeers(BenchReport report, Backbone backbone, TransferSet set)
    {
        var times = new Dictionary<string, double>();
        for (int round = 0; round < Rounds; round++)
        {
            Keep(times, "bare", Bare(backbone, set));
            Keep(times, "LoRA", Epoch(backbone, set, new LoraOptions()));
            foreach ((string name, FineTuneOptions options) in _readouts)
            {
                Keep(times, name, Epoch(backbone, set, options));
                Keep(times, name + ", cached", Epoch(backbone, set, options with { CacheFeatures = true }));
            }
        }

        foreach ((string name, _) in _readouts)
        {
            Tell(report, name, times[name], "LoRA", times["LoRA"], 1);
            Tell(report, name + ", cached", times[name + ", cached"], "LoRA", times["LoRA"], 5);
        }

        Tell(report, "LoRA", times["LoRA"], "a bare loop", times["bare"], 0.9);
    }

    private static void Keep(Dictionary<string, double> times, string name, double seconds) =>
        times[name] = Math.Min(seconds, times.GetValueOrDefault(name, double.PositiveInfinity));

    private static void Tell(
        BenchReport report, string name, double seconds, string peer, double other, double floor) =>
        report.Add(new Figure($"{name}, 1,000 rows", "fastest epoch", seconds, "s")
        {
            Peer = peer,
            Ratio = other / seconds,
            Floor = floor,
        });

    private static double Epoch(Backbone backbone, TransferSet set, FineTuneOptions options) =>
        TransferBench.Once(backbone, set, options with { EpochCount = EpochCount })
            .Report.Epochs.Skip(1).Min(e => e.Seconds);

    /// <summary>The same operators on batches that are tensors already.</summary>
    private static double Bare(Backbone backbone, TransferSet set)
    {
        using DisposeScope scope = NewDisposeScope();
        var random = new SeededRandom(1);
        using var model = new TunedModel(
            backbone, new LoraOptions().Create(backbone, random), ClassCount, random);
        using var optimizer = new AdamW(model.Tensors, 0.01);
        var batches = set.Train.Chunk(BatchSize).Select(rows => (
            Pixels: TensorData.From(rows.SelectMany(r => r.Features).ToArray(), [rows.Length, 1, 28, 28]),
            Labels: TensorData.From(rows.Select(r => (long)r.Label).ToArray(), [rows.Length]))).ToArray();
        double best = double.PositiveInfinity;
        for (int epoch = 0; epoch < EpochCount; epoch++)
        {
            var clock = Stopwatch.StartNew();
            foreach ((Tensor pixels, Tensor labels) in batches)
            {
                using DisposeScope step = NewDisposeScope();
                optimizer.ClearGradients();
                Tensor logits = model.Logits(BackboneBatch.Images(pixels), ForwardPass.Plain);
                Tensor loss = nn.functional.cross_entropy(logits, labels);
                loss.backward();
                optimizer.Step(1e-3);
            }

            if (epoch > 0) best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return best;
    }
}
