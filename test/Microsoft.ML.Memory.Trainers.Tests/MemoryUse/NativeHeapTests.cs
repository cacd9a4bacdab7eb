// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.MemoryUse;

/// <summary>What autograd itself keeps of a pass, which no ledger counts: by the bytes that the C library's heap has
/// given out.</summary>
[TestClass]
public sealed class NativeHeapTests
{
    private const int Few = 16;
    private const int Many = 64;
    private const int Rounds = 3;
    private const double Tolerance = 0.05; // handles, statistics of norms, what the heap rounds up to

    [TestMethod]
    public void Full_fine_tuning_of_layer_scales_keeps_what_the_formula_says_besides()
    {
        TorchTests.Require();
        if (!IsCounted()) Assert.Inconclusive("The heap of this C library cannot be counted.");
        var config = new BackboneConfig
        {
            HiddenSize = 64,
            HeadCount = 4,
            LayerCount = 3,
            IntermediateSize = 256,
            PatchSize = 4,
            ImageSize = 24,
            ChannelCount = 1,
        };
        BackboneConfig scaled = config with { Kind = BackboneKind.Dinov2 };

        double besides = BytesAnExample(scaled) - BytesAnExample(config);

        double expected = MemoryModel.Expected(MemoryShape.Of(scaled), MemoryMethod.Full)
            - MemoryModel.Expected(MemoryShape.Of(config), MemoryMethod.Full);
        Assert.AreEqual(2 * 3 * 37 * 64, expected);
        Assert.AreEqual(1, besides / (sizeof(float) * expected), Tolerance);
    }

    private static double BytesAnExample(BackboneConfig config)
    {
        using Backbone backbone = Backbone.Create(config, 1);
        var random = new SeededRandom(1);
        using var model = new TunedModel(
            backbone, new FullFineTuneOptions().Create(backbone, random), TinyModel.ClassCount, random);
        Kept(model, Few);
        double[] slopes =
        [
            .. Enumerable.Range(0, Rounds).Select(_ => (Kept(model, Many) - Kept(model, Few)) / (double)(Many - Few)),
        ];
        return slopes.Order().ElementAt(Rounds / 2);
    }

    private static long Kept(TunedModel model, int count)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = TensorInit.Normal(new SeededRandom(2), [count, 1, 24, 24], 1, CPU);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Used();
        model.Logits(BackboneBatch.Images(pixels), ForwardPass.Plain);
        return Used() - before;
    }

    private static bool IsCounted()
    {
        try
        {
            return OperatingSystem.IsLinux() && Used() > 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    private static long Used()
    {
        HeapUse use = mallinfo2();
        return (long)(use.Used + use.Mapped);
    }

    [DllImport("libc")]
    private static extern HeapUse mallinfo2();

    [StructLayout(LayoutKind.Sequential)]
    private struct HeapUse
    {
        public nuint Arena, FreeChunks, FastChunks, MappedCount, Mapped, Unused, FastBytes, Used, Free, Trimmable;
    }
}
