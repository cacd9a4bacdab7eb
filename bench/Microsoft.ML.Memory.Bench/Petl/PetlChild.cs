// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The part of the bench of activations that runs in a process of its own.</summary>
internal static class PetlChild
{
    private const int Steps = 3;
    private const string Status = "/proc/self/status";
    private const string ResetPeak = "5";

    /// <summary>Takes steps and prints a <see cref="PetlAnswer"/> as one line.</summary>
    public static void Run(BenchReport report)
    {
        _ = report;
        PetlWork work = PetlWork.Read();
        PetlCase one = PetlCase.All[work.Case];
        set_num_threads(1);
        using Backbone backbone = PetlCase.Micro();
        using var model = new TunedModel(backbone, one.Create(backbone, new SeededRandom(1)), 10, new SeededRandom(2));
        (BackboneBatch small, Tensor smallLabels) = Examples(1);
        GradientStep step = GradientStep.For(one.Saving);
        step.Run(model, small, smallLabels, null).Dispose();
        (BackboneBatch batch, Tensor labels) = Examples(work.BatchSize);

        (long kept, long ledger) = Kept(model, batch, one.Saving);
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", ResetPeak);
        long before = Read("VmRSS");
        double[] seconds = [.. Enumerable.Range(0, Steps).Select(_ => Seconds(step, model, batch, labels)).Order()];
        long peak = Read("VmHWM") - before;
        Console.WriteLine(JsonSerializer.Serialize(new PetlAnswer(
            kept, peak, ledger, seconds[Steps / 2], backbone.ParameterCount, model.TrainedCount)));
    }

    private static (long Bytes, long Ledger) Kept(TunedModel model, BackboneBatch batch, ActivationSaving saving)
    {
        GC.Collect();
        using DisposeScope scope = NewDisposeScope();
        using Tape? tape = saving switch
        {
            ActivationSaving.All => null,
            ActivationSaving.Checkpoints => new CheckpointTape(),
            ActivationSaving.FourBit => new SavingTape(SavingPolicy.FourBit),
            ActivationSaving.FourBitRecomputed => new SavingTape(SavingPolicy.Recomputed),
            _ => new SavingTape(SavingPolicy.FourBitEverything),
        };
        long before = Read("VmRSS");
        Tensor logits = model.Logits(batch, new ForwardPass { Operators = tape ?? BlockOperators.Plain });
        long bytes = Read("VmRSS") - before;
        GC.KeepAlive(logits);
        return (bytes, tape is null ? 0 : MemoryLedger.Of(tape).TotalBytes);
    }

    private static double Seconds(GradientStep step, TunedModel model, BackboneBatch batch, Tensor labels)
    {
        long start = Stopwatch.GetTimestamp();
        step.Run(model, batch, labels, null).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static (BackboneBatch Batch, Tensor Labels) Examples(int count)
    {
        Tensor pixels = TensorInit.Normal(new SeededRandom(4), [count, 3, 32, 32], 1, CPU);
        return (BackboneBatch.Images(pixels), zeros([count], int64));
    }

    private static long Read(string field)
    {
        string line = File.ReadLines(Status).First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        string number = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(number, CultureInfo.InvariantCulture) * 1024;
    }
}
