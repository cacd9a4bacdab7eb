// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.S2a;

[TestClass]
public sealed class S2aGoldenTests
{
    private const int AllowedDifferences = 5;

    [TestMethod]
    public void S2a_that_keeps_everything_equals_the_reference()
    {
        TorchTests.Require();
        using MethodGolden golden = Open("s2a_a_fp32", ActivationSaving.All);

        golden.Check();
    }

    [TestMethod]
    public void S2a_that_keeps_codes_equals_the_reference()
    {
        TorchTests.Require();
        using MethodGolden golden = Open("s2a_a_4bit", ActivationSaving.FourBit);

        golden.Check();
    }

    [TestMethod]
    public void S2a_that_runs_blocks_again_equals_the_reference_that_keeps_everything()
    {
        TorchTests.Require();
        using MethodGolden golden = Open("s2a_a_fp32", ActivationSaving.Checkpoints);

        golden.Check();
    }

    [TestMethod]
    public void Tape_after_forward_holds_the_codes_of_the_reference()
    {
        TorchTests.Require();
        using MethodGolden golden = Open("s2a_a_4bit", ActivationSaving.FourBit);
        using var scope = NewDisposeScope();
        using GoldenTensors codes = GoldenTensors.Open("methods/s2a_a_4bit/codes.safetensors");
        using var tape = new SavingTape(SavingPolicy.FourBit);

        golden.Model.Logits(golden.Batch, new ForwardPass { Operators = tape });

        int different = 0, compared = 0;
        foreach (IGrouping<int, TapeRecord> block in tape.Records.GroupBy(r => r.Block))
        {
            foreach ((string name, byte[] actual) in CodesOf(block))
            {
                byte[] expected = [.. codes.Bytes($"{block.Key}.{name}").Select(v => (byte)(v + Offset(name)))];
                Assert.AreEqual(expected.Length, actual.Length, name);
                compared += expected.Length;
                different += expected.Zip(actual).Count(pair => pair.First != pair.Second);
            }
        }

        Assert.AreEqual(70_720, compared);
        Assert.IsTrue(different <= AllowedDifferences, $"{different} codes differ");
    }

    private static int Offset(string name) => name.StartsWith("ln", StringComparison.Ordinal) ? 8 : 0;

    private static IEnumerable<(string Name, byte[] Codes)> CodesOf(IEnumerable<TapeRecord> block)
    {
        int norm = 0;
        foreach ((SavedKind kind, Tensor packed) in block.SelectMany(r => r.Operator.Kept))
        {
            string? name = kind switch
            {
                SavedKind.Normalized => $"ln{++norm}",
                SavedKind.Probabilities => "softmax",
                SavedKind.Activation => "gelu",
                _ => null,
            };
            if (name is null) continue;
            yield return (name, CodePacking.Unpack(packed, 4, [packed.numel() * 2]).bytes.ToArray());
        }
    }

    private static MethodGolden Open(string name, ActivationSaving saving) =>
        new(name, b => new S2aOptions().Create(b, new SeededRandom(1))) { Step = GradientStep.For(saving) };
}
