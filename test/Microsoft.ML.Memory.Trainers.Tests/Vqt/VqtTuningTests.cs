// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Vqt;

[TestClass]
public sealed class VqtTuningTests
{
    private const double Tolerance = 1e-4;
    private const double Exact = 1e-5;

    [TestMethod]
    [DataRow("vqt", 1)]
    [DataRow("vqt_t2", 2)]
    public void Training_equals_the_reference(string name, int queryCount)
    {
        TorchTests.Require();
        using MethodGolden golden = Golden(name, queryCount);

        golden.Check();
    }

    [TestMethod]
    [DataRow("vqt", 1)]
    [DataRow("vqt_t2", 2)]
    public void Read_gathers_what_queries_among_the_tokens_gather(string name, int queryCount)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using MethodGolden golden = Golden(name, queryCount);
        var tuning = (VqtTuning)golden.Model.Tuning;
        Trunk trunk = golden.Model.Trunk;
        Tensor[] taps = tuning.Tap(trunk, golden.Batch);

        foreach (TrunkBlock block in trunk.Blocks)
        {
            int i = block.Index;
            Tensor z = tuning.Gather(block, taps[2 * i], taps[(2 * i) + 1], null, ForwardPass.Plain);
            golden.Expected.AssertEqual($"out.Z.{i}", z, Tolerance);
            golden.Expected.AssertEqual($"concatenated.Z.{i}", z, Tolerance);
        }

        Tensor feature = tuning.Read(trunk, taps, null, ForwardPass.Plain);
        golden.Expected.AssertEqual("out.head_input", feature, Tolerance);
    }

    [TestMethod]
    public void Feature_without_queries_is_the_normalised_feature_of_the_trunk()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new VqtOptions { QueryCount = 0 });

        Tensor feature = readout.Feature();

        Tensor last = readout.Trunk.HiddenStates(readout.Batch)[^1];
        Tensor expected = nn.functional.normalize(readout.Trunk.Pool(last, null));
        CollectionAssert.AreEqual(TensorData.ToArray(expected), TensorData.ToArray(feature));
        Assert.AreEqual(readout.Trunk.PooledSize, readout.Tuning.FeatureSize);
    }

    [TestMethod]
    public void Tap_leaves_what_the_next_blocks_see_as_it_is()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new VqtOptions { QueryCount = 3 });
        Tensor[] states = readout.Trunk.HiddenStates(readout.Batch);

        Tensor[] taps = readout.Tap();

        foreach (TrunkBlock block in readout.Trunk.Blocks)
        {
            Tensor[] intact = VqtTuning.KeyAndValue(block, states[block.Index]);
            CollectionAssert.AreEqual(TensorData.ToArray(intact[0]), TensorData.ToArray(taps[2 * block.Index]));
            CollectionAssert.AreEqual(TensorData.ToArray(intact[1]), TensorData.ToArray(taps[(2 * block.Index) + 1]));
        }
    }

    [TestMethod]
    public void Gather_of_swapped_and_doubled_queries_swaps_and_doubles_rows()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        using var readout = new ReadoutCase(new VqtOptions { QueryCount = 3 });
        var tuning = (VqtTuning)readout.Tuning;
        TrunkBlock block = readout.Trunk.Blocks[1];
        Tensor[] taps = readout.Tap();
        Tensor Gathered() => tuning.Gather(block, taps[2], taps[3], null, ForwardPass.Plain);
        Tensor before = Gathered();
        Tensor queries = tuning.Tensors.Single(t => t.Name == "layer.1.queries").Tensor;

        queries.copy_(queries.index_select(0, tensor([2L, 0L, 0L])));

        Tensor after = Gathered();
        float[] expected = TensorData.ToArray(before.index_select(1, tensor([2L, 0L, 0L])));
        GoldenTensors.AssertClose(expected, TensorData.ToArray(after), Exact, "rows");
    }

    [TestMethod]
    public void Feature_with_dropout_differs_by_generator_and_not_without_one()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new VqtOptions { Dropout = 0.5 });

        float[] first = Dropped(1), again = Dropped(1), other = Dropped(2);

        CollectionAssert.AreEqual(first, again);
        CollectionAssert.AreNotEqual(first, other);
        CollectionAssert.AreNotEqual(first, TensorData.ToArray(readout.Feature()));

        float[] Dropped(ulong seed)
        {
            using var generator = new Generator(seed);
            return TensorData.ToArray(readout.Feature(new ForwardPass { Dropout = generator }));
        }
    }

    [TestMethod]
    public void Validate_of_bad_settings_names_them_all()
    {
        var violations = new OptionViolations(nameof(VqtOptions));

        new VqtOptions { QueryCount = -1, Dropout = 1 }.Validate(violations);

        Refusal.Assert<ArgumentException>(
            "VqtOptions.QueryCount must be in [0, 65536]. Got -1. VqtOptions.Dropout must be in [0, 1). Got 1.",
            violations.ThrowIfAny);
    }

    private static MethodGolden Golden(string name, int queryCount)
    {
        var options = new VqtOptions { QueryCount = queryCount };
        return new MethodGolden(name, b => options.Create(b, new SeededRandom(1)));
    }
}
