// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.MemoryUse;

[TestClass]
public sealed class MemoryLedgerTests
{
    private const int BatchSize = 2;

    private static readonly SavedKind[] _uncounted =
        [SavedKind.NormStatistics, SavedKind.ProjectionScales, SavedKind.SideStatistics];

    [TestMethod]
    [DataRow(64, 4, 4)]
    [DataRow(128, 4, 6)]
    [DataRow(96, 3, 1)]
    [DataRow(16, 1, 2)]
    [DataRow(192, 12, 3)]
    public void Ledger_equals_the_formula_for_every_policy(int width, int heads, int blocks)
    {
        TorchTests.Require();
        using Backbone backbone = MicroVit.Create(width, heads, blocks);
        MemoryShape shape = MemoryShape.Of(backbone.Config);
        int side = width / new S2aOptions().ChannelGroup;
        (SavingPolicy Policy, MemoryMethod Method)[] cases =
        [
            (SavingPolicy.FourBit, MemoryMethod.S2a),
            (SavingPolicy.Recomputed, MemoryMethod.S2aRecomputed),
            (SavingPolicy.FourBitEverything, MemoryMethod.S2aEverything),
            (SavingPolicy.FourBit with { Attention = AttentionSaving.Exact }, MemoryMethod.S2aExactAttention),
            (SavingPolicy.Exact, MemoryMethod.BitFit),
        ];
        foreach ((SavingPolicy policy, MemoryMethod method) in cases)
        {
            using var tape = new SavingTape(policy);
            MemoryLedger ledger = Forward(backbone, tape);

            foreach (int block in Enumerable.Range(0, blocks))
                foreach (SavedKind kind in Enum.GetValues<SavedKind>())
                {
                    long bytes = MemoryModel.KeptBytes(shape, policy, kind, BatchSize, side);
                    Assert.AreEqual(bytes, ledger.Bytes(block, kind), $"{policy}, block {block}, {kind}");
                }

            long counted = ledger.Entries.Where(e => !_uncounted.Contains(e.Kind)).Sum(e => e.Bytes);
            // The head of the branch keeps its input with autograd, not on the tape.
            double expected = MemoryModel.Expected(shape, method.WithSide(side)) - side;
            Assert.AreEqual(4 * BatchSize * expected, counted, $"{policy}");
        }
    }

    [TestMethod]
    public void Ledger_of_a_gated_backbone_equals_the_formula_for_every_policy()
    {
        TorchTests.Require();
        (SavingPolicy Policy, MemoryMethod Method)[] cases =
        [
            (SavingPolicy.FourBit, MemoryMethod.S2a),
            (SavingPolicy.Recomputed, MemoryMethod.S2aRecomputed),
            (SavingPolicy.FourBitEverything, MemoryMethod.S2aEverything),
            (SavingPolicy.Exact, MemoryMethod.BitFit),
        ];
        foreach ((SavingPolicy policy, MemoryMethod method) in cases)
        {
            using var tiny = new TinyModel(new BitFitOptions(), "backbones/dinov2_swiglu");
            using var scope = NewDisposeScope();
            using var tape = new SavingTape(policy);
            tiny.Model.Logits(tiny.Batch, new ForwardPass { Operators = tape });
            MemoryShape shape = MemoryShape.Of(tiny.Backbone.Config);
            int rows = (int)tiny.Batch.Count;
            MemoryLedger ledger = MemoryLedger.Of(tape);

            foreach (int block in Enumerable.Range(0, shape.BlockCount))
                foreach (SavedKind kind in Enum.GetValues<SavedKind>())
                {
                    long bytes = MemoryModel.KeptBytes(shape, policy, kind, rows);
                    Assert.AreEqual(bytes, ledger.Bytes(block, kind), $"{policy}, block {block}, {kind}");
                }

            long counted = ledger.Entries.Where(e => !_uncounted.Contains(e.Kind)).Sum(e => e.Bytes);
            Assert.AreEqual(sizeof(float) * rows * MemoryModel.Expected(shape, method), counted, $"{policy}");
        }
    }

    [TestMethod]
    [DataRow("backbones/bert")]
    [DataRow("backbones/dinov2_registers")]
    [DataRow("backbones/clip_vision")]
    public void Ledger_of_a_side_branch_equals_the_formula_on_other_backbones(string set)
    {
        TorchTests.Require();
        var options = new S2aOptions { ChannelGroup = 4 };
        using var tiny = new TinyModel(options, set);
        using var scope = NewDisposeScope();
        using var tape = new SavingTape(SavingPolicy.FourBit);
        tiny.Model.Logits(tiny.Batch, new ForwardPass { Operators = tape });
        using Tensor embedded = tiny.Model.Trunk.Embed(tiny.Batch);
        MemoryShape shape = MemoryShape.Of(tiny.Backbone.Config, (int)embedded.size(1));
        int rows = (int)embedded.size(0), side = shape.Width / options.ChannelGroup;
        MemoryLedger ledger = MemoryLedger.Of(tape);

        foreach (int block in Enumerable.Range(0, shape.BlockCount))
            foreach (SavedKind kind in new[] { SavedKind.SideBranch, SavedKind.SideStatistics })
            {
                long bytes = MemoryModel.KeptBytes(shape, SavingPolicy.FourBit, kind, rows, side);
                Assert.AreEqual(bytes, ledger.Bytes(block, kind), $"{set}, block {block}, {kind}");
            }
    }

    [TestMethod]
    public void Ledger_of_checkpoints_has_the_input_of_each_block()
    {
        TorchTests.Require();
        using Backbone backbone = MicroVit.Create(64, 4, 4);
        MemoryShape shape = MemoryShape.Of(backbone.Config);
        using var tape = new CheckpointTape();

        MemoryLedger ledger = Forward(backbone, tape);

        double expected = shape.BlockCount * MemoryMethod.Checkpoints.PerBlock(shape);
        Assert.AreEqual(4 * BatchSize * expected, ledger.TotalBytes);
        Assert.IsTrue(ledger.Entries.All(e => e.Kind == SavedKind.BlockInput));
    }

    [TestMethod]
    public void Ledger_of_fewer_bits_has_fewer_bytes_of_activations()
    {
        TorchTests.Require();
        using Backbone backbone = MicroVit.Create(64, 4, 1);
        MemoryShape shape = MemoryShape.Of(backbone.Config);
        for (int bits = 1; bits <= 4; bits++)
        {
            using var tape = new SavingTape(SavingPolicy.FourBit with { ActivationBits = bits });
            Assert.AreEqual(
                BatchSize * shape.Hidden * bits / 8, Forward(backbone, tape).Bytes(0, SavedKind.Activation));
        }
    }

    [TestMethod]
    public void Ledger_is_empty_where_nothing_before_the_head_is_trained()
    {
        TorchTests.Require();
        using Backbone backbone = MicroVit.Create(64, 4, 2);
        using var scope = NewDisposeScope();
        using var tape = new SavingTape(SavingPolicy.FourBit);

        Tensor x = backbone.Trunk.Embed(MicroVit.Batch(BatchSize));
        foreach (TrunkBlock block in backbone.Trunk.Blocks)
            x = block.Apply(x, null, BlockChanges.None, new ForwardPass { Operators = tape });

        Assert.AreEqual(0, MemoryLedger.Of(tape).TotalBytes);
        Assert.IsFalse(x.requires_grad);
    }

    private static MemoryLedger Forward(Backbone backbone, Tape tape)
    {
        using var scope = NewDisposeScope();
        var options = new S2aOptions();
        using var model = new TunedModel(
            backbone, options.Create(backbone, new SeededRandom(1)), 5, new SeededRandom(1));
        model.Logits(MicroVit.Batch(BatchSize), new ForwardPass { Operators = tape });
        return MemoryLedger.Of(tape);
    }
}
