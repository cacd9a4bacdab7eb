// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Pretrains a small ViT on Fashion-MNIST in minutes and saves it in HuggingFace's layout.</summary>
/// <remarks>Images are read as bytes / 127.5 - 1, one channel of 28 x 28. The folder is <see cref="Folder"/>, so that
/// comparisons, examples and tests have a backbone without a download.</remarks>
internal static class MicroVitPretraining
{
    private const int BatchSize = 128;
    private const int EpochCount = 10;
    private const long Seed = 1;
    private const double LearningRate = 2e-3;
    private const double Decay = 0.05;
    private const double WarmUp = 0.1;

    /// <summary>Shape of the backbone: 49 patches and a class token, 4 blocks of width 64.</summary>
    public static BackboneConfig Config => new()
    {
        HiddenSize = 64,
        LayerCount = 4,
        HeadCount = 4,
        IntermediateSize = 256,
        PatchSize = 4,
        ImageSize = 28,
        ChannelCount = 1,
        LayerNormEpsilon = 1e-6,
        Labels =
        [
            "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
    };

    /// <summary>Where the backbone is saved: artifacts/micro-vit, which git ignores.</summary>
    public static string Folder
    {
        get
        {
            for (DirectoryInfo? up = new(AppContext.BaseDirectory); up is not null; up = up.Parent)
            {
                if (up.Name == "artifacts") return Path.Combine(up.FullName, "micro-vit");
            }

            return Path.Combine(AppContext.BaseDirectory, "micro-vit");
        }
    }

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("fashion-mnist", "train") is not { } train
            || DigitImages.Read("fashion-mnist", "t10k") is not { } test)
        {
            report.Note("fashion-mnist is not on this machine: set MEMORY_ML_DATA to the folder that has it.");
            return;
        }

        using Backbone first = Backbone.Create(Config, Seed);
        var random = new SeededRandom(Seed);
        using (var model = new TunedModel(first, new FullFineTuneOptions().Create(first, random), 10, random))
        {
            Train(model, train, EpochCount, (epoch, loss, seconds) =>
            {
                report.Add(new Figure($"epoch {epoch}", "training loss", loss, "nats"));
                report.Add(new Figure($"epoch {epoch}", "time", seconds, "s"));
            });
            Save(model, Folder);
        }

        using Backbone saved = Backbone.Load(Folder);
        report.Add(new Figure("micro ViT, saved and loaded", "test accuracy", Accuracy(saved, test), "share"));
        report.Add(new Figure("micro ViT", "weights", saved.ParameterCount, "numbers"));
        report.Note($"Saved in {Path.GetRelativePath(Environment.CurrentDirectory, Folder)}, hash {saved.Hash}.");
    }

    /// <summary>Trains everything on all rows, in an order that follows from the seed.</summary>
    public static void Train(TunedModel model, DigitImages images, int epochs, Action<int, double, double> tell)
    {
        using var optimizer = new AdamW(model.Tensors, Decay);
        var random = new SeededRandom(Seed);
        int[] order = [.. Enumerable.Range(0, images.Count)];
        long steps = (long)epochs * ((images.Count + BatchSize - 1) / BatchSize);
        var schedule = new LearningSchedule(LearningRate, WarmUp, steps);
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            var clock = Stopwatch.StartNew();
            random.Shuffle(order.AsSpan());
            double sum = 0;
            foreach (int[] rows in order.Chunk(BatchSize))
            {
                using var scope = NewDisposeScope();
                Tensor labels = TensorData.From(Array.ConvertAll(rows, r => (long)images.Labels[r]), [rows.Length]);
                optimizer.ClearGradients();
                sum += GradientStep.Plain.Run(model, Batch(images, rows), labels, null).item<float>() * rows.Length;
                optimizer.Step(schedule.Rate(optimizer.StepCount));
            }

            tell(epoch, sum / images.Count, clock.Elapsed.TotalSeconds);
        }
    }

    /// <summary>Writes the trained trunk with its head.</summary>
    public static void Save(TunedModel model, string folder)
    {
        var none = new Dictionary<string, LowRankTerm[]>();
        using Backbone trained =
            MergedBackbone.Make(model.Backbone, model.Tuning.Replaced, none, model.Head, folder);
        trained.Save(folder);
    }

    private static double Accuracy(Backbone backbone, DigitImages images)
    {
        using IDisposable frozen = no_grad();
        Trunk trunk = backbone.Trunk;
        int right = 0;
        foreach (int[] rows in Enumerable.Range(0, images.Count).Chunk(BatchSize))
        {
            using var scope = NewDisposeScope();
            Tensor x = trunk.HiddenStates(Batch(images, rows))[^1];
            Tensor best = backbone.Head!.Apply(trunk.ClassToken(x)).argmax(1);
            Tensor labels = TensorData.From(Array.ConvertAll(rows, r => (long)images.Labels[r]), [rows.Length]);
            right += (int)best.eq(labels).sum().item<long>();
        }

        return (double)right / images.Count;
    }

    private static BackboneBatch Batch(DigitImages images, int[] rows)
    {
        var pixels = new float[rows.Length * DigitImages.Dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            int start = rows[i] * DigitImages.Dimension;
            for (int p = 0; p < DigitImages.Dimension; p++)
                pixels[(i * DigitImages.Dimension) + p] = (images.Pixels[start + p] / 127.5f) - 1;
        }

        return BackboneBatch.Images(TensorData.From(pixels, [rows.Length, 1, 28, 28]));
    }
}
