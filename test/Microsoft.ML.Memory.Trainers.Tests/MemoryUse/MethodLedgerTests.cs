// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.MemoryUse;

/// <summary>What every method puts on a tape, against the formulas, on backbones of every kind: with layer scales,
/// registers, gates, a norm before the blocks, norms last.</summary>
[TestClass]
public sealed class MethodLedgerTests
{
    private static readonly string[] _sets =
    [
        "methods/backbone", "backbones/dinov2_model", "backbones/dinov2_registers", "backbones/dinov2_swiglu",
        "backbones/clip_vision", "backbones/bert",
    ];

    private static readonly ActivationSaving[] _codes =
    [
        ActivationSaving.FourBit, ActivationSaving.FourBitRecomputed, ActivationSaving.FourBitEverything,
    ];

    private static readonly SavedKind[] _uncounted =
        [SavedKind.NormStatistics, SavedKind.ProjectionScales, SavedKind.SideStatistics];

    [TestMethod]
    [DataRow("bitfit")]
    [DataRow("full")]
    [DataRow("vpt_deep")]
    [DataRow("vpt_shallow")]
    [DataRow("s2a")]
    public void Ledger_of_a_method_that_reaches_every_block_equals_its_formula(string name)
    {
        TorchTests.Require();
        foreach (string set in _sets)
        {
            foreach (ActivationSaving saving in _codes)
            {
                FineTuneOptions options = Options(name) with { SavedActivations = saving };
                using var tiny = new TinyModel(options, set);
                (MemoryShape shape, MemoryLedger ledger) = Forward(tiny, saving);
                MemoryMethod method = MemoryMethod.Of(options, tiny.Backbone.Config);
                MemoryShape seen = method.Seen(shape);
                double byAutograd = method.Once(shape) + (name == "full"
                    ? shape.BlockCount * ((3.0 * shape.Stream) + shape.Hidden + shape.Scaled)
                    : 0);

                for (int block = 0; block < shape.BlockCount; block++)
                    AssertKept(tiny, seen, saving, ledger, block, (expected, kept) => expected == kept);
                long counted = ledger.Entries.Where(e => !_uncounted.Contains(e.Kind)).Sum(e => e.Bytes);
                double formula = MemoryModel.Expected(shape, method) - byAutograd;
                Assert.AreEqual(sizeof(float) * tiny.Batch.Count * formula, counted, $"{set}, {saving}");
            }
        }
    }

    [TestMethod]
    [DataRow("lora")]
    [DataRow("lora_all_linear")]
    [DataRow("adapter_sequential")]
    [DataRow("adapter_houlsby")]
    [DataRow("adapter_parallel")]
    [DataRow("prefix")]
    public void Ledger_of_a_method_that_starts_inside_the_first_block_equals_its_formula_from_the_second(string name)
    {
        TorchTests.Require();
        foreach (string set in _sets)
        {
            foreach (ActivationSaving saving in _codes)
            {
                FineTuneOptions options = Options(name) with { SavedActivations = saving };
                using var tiny = new TinyModel(options, set);
                (MemoryShape shape, MemoryLedger ledger) = Forward(tiny, saving);
                MemoryShape seen = MemoryMethod.Of(options, tiny.Backbone.Config).Seen(shape);

                AssertKept(tiny, seen, saving, ledger, 0, (expected, kept) => expected >= kept);
                for (int block = 1; block < shape.BlockCount; block++)
                    AssertKept(tiny, seen, saving, ledger, block, (expected, kept) => expected == kept);
            }
        }
    }

    [TestMethod]
    [DataRow("bitfit")]
    [DataRow("full")]
    [DataRow("vpt_deep")]
    [DataRow("vpt_shallow")]
    [DataRow("lora")]
    [DataRow("adapter_houlsby")]
    [DataRow("prefix")]
    public void Ledger_of_checkpoints_is_the_formula_but_for_the_block_that_is_run_again(string name)
    {
        TorchTests.Require();
        FineTuneOptions all = Options(name), saving = all with { SavedActivations = ActivationSaving.Checkpoints };
        foreach (string set in _sets)
        {
            using var tiny = new TinyModel(saving, set);
            (MemoryShape shape, MemoryLedger ledger) = Forward(tiny, ActivationSaving.Checkpoints);
            BackboneConfig config = tiny.Backbone.Config;
            double again = MemoryMethod.Of(all, config).PerBlock(shape);
            double formula = MemoryModel.Expected(shape, MemoryMethod.Of(saving, config)) - again;

            Assert.AreEqual(sizeof(float) * tiny.Batch.Count * formula, ledger.TotalBytes, set);
        }
    }

    [TestMethod]
    public void Full_of_a_trained_layer_scale_keeps_what_it_multiplies()
    {
        var plain = new BackboneConfig();
        MemoryShape without = MemoryShape.Of(plain), with = without with { HasLayerScale = true };

        Assert.AreEqual(without.Full + (2 * without.Stream), with.Full);
        Assert.AreEqual(without.Passing, with.Passing);
        Assert.AreEqual(with, MemoryShape.Of(plain with { Kind = BackboneKind.Dinov2 }));
    }

    private static FineTuneOptions Options(string name) =>
        name == "s2a" ? new S2aOptions { ChannelGroup = 4 } : TrunkMethods.Options(name);

    private static (MemoryShape Shape, MemoryLedger Ledger) Forward(TinyModel tiny, ActivationSaving saving)
    {
        using var scope = NewDisposeScope();
        using Tape tape = saving == ActivationSaving.Checkpoints
            ? new CheckpointTape()
            : new SavingTape(Policy(saving));
        tiny.Model.Logits(tiny.Batch, new ForwardPass { Operators = tape });
        int tokens = (int)tiny.Model.Trunk.Embed(tiny.Batch).size(1);
        return (MemoryShape.Of(tiny.Backbone.Config, tokens), MemoryLedger.Of(tape));
    }

    private static void AssertKept(TinyModel tiny, MemoryShape seen, ActivationSaving saving, MemoryLedger ledger,
        int block, Func<long, long, bool> holds)
    {
        int side = tiny.Model.Tuning is S2aTuning ? seen.Width / 4 : 0, rows = (int)tiny.Batch.Count;
        foreach (SavedKind kind in Enum.GetValues<SavedKind>().Except([SavedKind.Mask]))
        {
            long expected = MemoryModel.KeptBytes(seen, Policy(saving), kind, rows, side);
            long kept = ledger.Bytes(block, kind);
            Assert.IsTrue(
                holds(expected, kept), $"{saving}, block {block}, {kind}: {expected} by formula, kept {kept}");
        }
    }

    private static SavingPolicy Policy(ActivationSaving saving) => saving switch
    {
        ActivationSaving.FourBit => SavingPolicy.FourBit,
        ActivationSaving.FourBitRecomputed => SavingPolicy.Recomputed,
        _ => SavingPolicy.FourBitEverything,
    };
}
