// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Saving;

[TestClass]
public sealed class CodesTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [DataRow("gelu")]
    [DataRow("quick_gelu")]
    [DataRow("silu")]
    public void DerivativeGrid_equals_the_reference_byte_for_byte(string function)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using GoldenTensors golden = GoldenTensors.Open("methods/codes/pointwise_grid12.safetensors");

        Tensor derivative = DerivativeOf(function, golden.Tensor(function + ".x"));
        Tensor codes = DerivativeGrid.Encode(derivative);
        Tensor packed = CodePacking.Pack(codes, 4);

        golden.AssertEqual(function + ".derivative", derivative, Tolerance);
        CollectionAssert.AreEqual(golden.Bytes(function + ".code"), codes.bytes.ToArray());
        CollectionAssert.AreEqual(golden.Bytes(function + ".packed"), packed.bytes.ToArray());
        Tensor read = CodePacking.Unpack(packed, 4, codes.shape);
        golden.AssertEqual(function + ".level", DerivativeGrid.Decode(read, float32), Tolerance);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void FewBitTable_equals_the_reference_byte_for_byte(int bits)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using GoldenTensors golden = GoldenTensors.Open("methods/codes/gelu_fewbit.safetensors");
        FewBitTable table = FewBitTable.Gelu(bits);

        Tensor codes = table.Encode(golden.Tensor($"bits{bits}.x"));

        CollectionAssert.AreEqual(golden.Bytes($"bits{bits}.code"), codes.bytes.ToArray());
        Tensor read = CodePacking.Unpack(CodePacking.Pack(codes, bits), bits, codes.shape);
        golden.AssertEqual($"bits{bits}.level", table.Decode(read, float32), Tolerance);
    }

    [TestMethod]
    public void SavedNorm_equals_the_reference()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using GoldenTensors golden = GoldenTensors.Open("methods/codes/layer_norm.safetensors");
        Tensor weight = golden.Tensor("gamma");
        var norm = new NormLayer(weight, zeros_like(weight), golden.Values("eps")[0]);
        Tensor x = golden.Tensor("x"), g = golden.Tensor("g");

        using var coded = new SavedNorm(x, norm, coded: true, needsInput: true);
        using var exact = new SavedNorm(x, norm, coded: false, needsInput: true);

        Tensor Kept(SavedOperator saved, SavedKind kind, int index = 0) =>
            saved.Kept.Where(k => k.Kind == kind).ElementAt(index).Tensor;
        CollectionAssert.AreEqual(
            golden.Bytes("packed"), Kept(coded, SavedKind.Normalized).bytes.ToArray());
        golden.AssertEqual("x_hat", Kept(exact, SavedKind.Normalized), Tolerance);
        golden.AssertEqual("rstd", Kept(coded, SavedKind.NormStatistics), Tolerance);
        golden.AssertEqual("scale", Kept(coded, SavedKind.NormStatistics, 1), Tolerance);
        golden.AssertEqual("dx_from_code", coded.Gradients(g)[0]!, Tolerance);
        golden.AssertEqual("dx_exact", exact.Gradients(g)[0]!, Tolerance);
    }

    [TestMethod]
    public void ScaledCodes_equal_the_reference_byte_for_byte()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using GoldenTensors golden = GoldenTensors.Open("methods/codes/layer_norm.safetensors");

        (Tensor codes, Tensor scale) = ScaledCodes.Encode(golden.Tensor("x_hat"));

        CollectionAssert.AreEqual(golden.Bytes("nibble"), codes.bytes.ToArray());
        golden.AssertEqual("x_hat_from_code", ScaledCodes.Decode(codes, scale), Tolerance);
    }

    [TestMethod]
    public void ScaledCodes_of_a_row_of_zeros_are_zeros()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();

        (Tensor codes, Tensor scale) = ScaledCodes.Encode(zeros(2, 3));

        CollectionAssert.AreEqual(new float[6], TensorData.ToArray(ScaledCodes.Decode(codes, scale)));
    }

    [TestMethod]
    public void ProbabilityCodes_equal_the_reference_byte_for_byte()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using GoldenTensors golden = GoldenTensors.Open("methods/codes/softmax_log.safetensors");
        Tensor dp = golden.Tensor("dp");

        Tensor codes = ProbabilityCodes.Encode(golden.Tensor("logits").softmax(-1));
        Tensor rows = ProbabilityCodes.Decode(codes, float32);

        CollectionAssert.AreEqual(golden.Bytes("code"), codes.bytes.ToArray());
        CollectionAssert.AreEqual(golden.Bytes("packed"), CodePacking.Pack(codes, 4).bytes.ToArray());
        golden.AssertEqual("p_from_code", rows, Tolerance);
        golden.AssertEqual("ds_from_code", dp.sub(dp.mul(rows).sum(-1, keepdim: true)).mul(rows), Tolerance);
    }

    [TestMethod]
    public void SavedActivation_of_gelu_is_within_the_stated_bound()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor x = arange(-8.0, 8.0, 0.001, float32), g = x.sin();
        using var coded = new SavedActivation(x, ActivationKind.Gelu, 4);
        using var exact = new SavedActivation(x, ActivationKind.Gelu, 0);

        Tensor error = coded.Gradients(g)[0]!.sub(exact.Gradients(g)[0]!).abs().sub(g.abs().mul(0.0456));

        Assert.IsTrue(error.max().item<float>() <= 1e-6, $"{error.max().item<float>()} above the bound");
        Assert.IsTrue(error.max().item<float>() > -0.001, "the bound is far from reached: is anything coded?");
    }

    [TestMethod]
    public void SavedActivation_of_relu_is_exact_in_one_bit()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor x = arange(-6.0, 7.0, 1.0, float32);
        using var saved = new SavedActivation(x, ActivationKind.Relu, 4);

        float[] gradient = TensorData.ToArray(saved.Gradients(ones_like(x))[0]!);

        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 }, gradient);
        Assert.AreEqual(2, saved.Kept.Single().Tensor.numel());
    }

    [TestMethod]
    public void SavedActivation_of_silu_in_three_bits_is_refused()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => new SavedActivation(zeros(3), ActivationKind.Silu, 3));

        Assert.AreEqual(
            "Activations must be saved in 4 bits where the backbone's is Silu: there are tables for fewer bits for "
            + "GELU only. Got 3.", error.Message);
    }

    [TestMethod]
    public void CodePacking_takes_the_bytes_it_must_and_gives_the_codes_back()
    {
        TorchTests.Require();
        Gen<(int Bits, byte[] Codes)> cases =
            from bits in Gen.Choose(1, 4)
            from codes in Gen.Choose(0, (1 << bits) - 1).Select(v => (byte)v).NonEmptyListOf()
            select (bits, codes.ToArray());

        Prop.ForAll(Arb.From(cases), one =>
        {
            using var scope = NewDisposeScope();
            Tensor packed = CodePacking.Pack(tensor(one.Codes), one.Bits);
            byte[] read = CodePacking.Unpack(packed, one.Bits, [one.Codes.Length]).bytes.ToArray();
            return packed.numel() == ((one.Codes.Length * one.Bits) + 7) / 8 && read.SequenceEqual(one.Codes);
        }).QuickCheckThrowOnFailure();
    }

    private static Tensor DerivativeOf(string function, Tensor x) => function switch
    {
        "gelu" => Derivatives.Of(x, ActivationKind.Gelu),
        "quick_gelu" => Derivatives.Of(x, ActivationKind.QuickGelu),
        _ => Derivatives.Of(x, ActivationKind.Silu),
    };
}
