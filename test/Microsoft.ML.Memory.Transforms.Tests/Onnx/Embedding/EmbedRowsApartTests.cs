// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

/// <summary>Networks whose rows look as if they kept to themselves.</summary>
[TestClass]
public sealed class EmbedRowsApartTests
{
    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    public void Fit_a_first_dimension_that_is_only_two_by_chance_is_refused()
    {
        TinyNetwork network = new TinyNetwork()
            .Input("x", DataType.Float, "n", 3)
            .Node("Unsqueeze", ["x", "zero"], "u").Numbers("zero", [1], 0)
            .Node("Concat", ["u", "u"], "y", ("axis", 0))
            .Output("y", DataType.Float, 2, "n", 3);

        Encoders.AssertRefused<InvalidDataException>(
            "Tensor 'y' of the network must have a first dimension of 3 for 3 rows. Got [2, 3, 3]. "
            + "Name another in EmbedOnnxOptions.OutputTensor.",
            Encoders.Options(network));
    }

    [TestMethod]
    public void Fit_features_that_grow_with_the_number_of_rows_are_refused()
    {
        TinyNetwork network = new TinyNetwork()
            .Input("x", DataType.Float, "n", 3)
            .Node("Transpose", ["x"], "t")
            .Node("MatMul", ["x", "t"], "y")
            .Output("y", DataType.Float, "n", "m");

        Encoders.AssertRefused<InvalidDataException>(
            "Tensor 'y' of the network must have the same dimensions for every row, but for a first one of its tokens. "
            + "Got [2] and [3]. Name another in EmbedOnnxOptions.OutputTensor.",
            Encoders.Options(network));
    }

    [TestMethod]
    public void Fit_a_dimension_that_is_the_number_of_tokens_by_chance_is_a_dimension()
    {
        TinyNetwork network = new TinyNetwork()
            .Input("ids", DataType.Int64, "n", "tokens")
            .Node("ReduceSum", ["ids", "one"], "sum", ("keepdims", 1)).Numbers("one", [1], 1)
            .Node("Cast", ["sum"], "total", ("to", (long)DataType.Float))
            .Weights("w", [5, 1], 1, 2, 3, 4, 5)
            .Node("Unsqueeze", ["total", "one"], "column")
            .Node("Mul", ["w", "column"], "y")
            .Output("y", DataType.Float, "n", 5, 1);

        float[][] codes = Encoders.Encode(
            Encoders.Options(network, "Ids"), new EmbedRow { Ids = [1, 2] }, new EmbedRow { Ids = [4] });

        Encoders.AssertSame([[3, 6, 9, 12, 15], [4, 8, 12, 16, 20]], codes);
    }

    [TestMethod]
    public void Fit_rows_that_mix_where_the_trial_cannot_see_it_are_not_freed()
    {
        // Rows that were tried come out as 0, alone and together.
        TinyNetwork network = new TinyNetwork()
            .Input("x", DataType.Float, 1, 3)
            .Node("ReduceSum", ["x", "zero"], "mixed", ("keepdims", 1)).Numbers("zero", [1], 0)
            .Node("Sub", ["mixed", "far"], "high").Weights("far", [1], 1000)
            .Node("Relu", ["high"], "seen")
            .Node("Mul", ["x", "none"], "shape").Weights("none", [1], 0)
            .Node("Add", ["seen", "shape"], "y")
            .Output("y", DataType.Float, 1, 3);
        using EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(network));

        float[][] codes = Encoders.Encode(
            encoder, new EmbedRow { Features = [1001, 0, 0] }, new EmbedRow { Features = [0, 1002, 0] });

        Encoders.AssertSame([[1, 0, 0], [0, 2, 0]], codes);
        Assert.AreEqual(1, encoder.BatchSize);
    }

    [TestMethod]
    public void Fit_a_network_of_one_id_whose_rows_mix_is_not_freed()
    {
        TinyNetwork network = new TinyNetwork()
            .Input("id", DataType.Int64, 1, 1)
            .Node("ReduceMax", ["id"], "most", ("keepdims", 1))
            .Node("Sub", ["id", "most"], "below")
            .Node("Add", ["below", "most"], "same")
            .Node("Add", ["same", "most"], "sum")
            .Node("Cast", ["sum"], "y", ("to", (long)DataType.Float))
            .Output("y", DataType.Float, 1, 1);
        using EmbedOnnxTransformer encoder = Encoders.MlContext.Transforms
            .EmbedOnnx(Encoders.Options(network, "Count")).Fit(Encoders.View(new EmbedRow()));

        float[][] codes = Encoders.Encode(encoder, new EmbedRow { Count = 3 }, new EmbedRow { Count = 5 });

        Encoders.AssertSame([[6], [10]], codes);
        Assert.AreEqual(1, encoder.BatchSize);
    }

    [TestMethod]
    public void Fit_nodes_in_any_order_are_cut_alike()
    {
        TinyNetwork network = TinyNetwork.Linear().Node("Relu", ["y"], "z");
        network.Model.Graph.Output[0].Name = "z";
        (network.Model.Graph.Node[0], network.Model.Graph.Node[1]) =
            (network.Model.Graph.Node[1], network.Model.Graph.Node[0]);

        float[][] codes = Encoders.Encode(Encoders.Options(network), new EmbedRow { Features = [1, 2, -1] });

        Encoders.AssertSame([[2, 4]], codes);
    }

    [TestMethod]
    public void Transform_a_number_too_large_for_half_precision_is_refused_with_its_row()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Same(DataType.Float16, "n", 3));
        EmbedRow[] rows = [new() { Features = [65504, float.PositiveInfinity, 0] }, new() { Features = [0, 65520, 0] }];

        Exception error = Assert.ThrowsExactly<InvalidOperationException>(() => Encoders.Encode(options, rows));

        Assert.AreEqual(
            "Column 'Features' must hold numbers from -65500 to 65500 for input 'image' of the network, of type "
            + "Float16. Got 65520 in row 1.",
            error.Message);
    }

    [TestMethod]
    public void Transform_a_double_too_large_for_single_precision_is_refused_with_its_row()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Linear(), "Doubles");

        Exception error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Encoders.Encode(options, new EmbedRow { Doubles = [0, 1e300, 0] }));

        Assert.AreEqual(
            "Column 'Doubles' must hold numbers from -3.4028235E+38 to 3.4028235E+38 for input 'x' of the network, of "
            + "type Float. Got 1E+300 in row 0.",
            error.Message);
    }

    [TestMethod]
    public void Transform_an_id_that_would_be_rounded_is_refused()
    {
        Exception error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Encoders.Encode(
                Encoders.Options(TinyNetwork.Words(), "Ids") with { Pooling = EmbedPooling.Mean },
                new EmbedRow { Ids = [(1L << 53) + 1] }));

        Assert.AreEqual(
            "Column 'Ids' must hold whole numbers from -9007199254740991 to 9007199254740991 for input 'input_ids' of "
            + "the network, of type Int64. Got 9007199254740993 in row 0.",
            error.Message);
    }

    [TestMethod]
    public void Mean_with_a_mask_of_half_precision_counts_what_it_says()
    {
        TinyNetwork network = TinyNetwork.Words();
        network.Model.Graph.Input[1].Type.TensorType.ElemType = (int)DataType.Float16;

        float[][] codes = Encoders.Encode(
            Encoders.Options(network) with
            {
                Inputs = [new("input_ids", "Ids"), new("attention_mask", "Mask")],
                Pooling = EmbedPooling.Mean,
            },
            new EmbedRow { Ids = [1, 3, 2], Mask = [1, 0.5f, 0] });

        Encoders.AssertSame([[2.5f / 1.5f, 25 / 1.5f]], codes);
    }

    [TestMethod]
    public void Mean_over_another_number_of_tokens_than_the_mask_has_is_refused()
    {
        TinyNetwork network = TinyNetwork.Words()
            .Node("Slice", ["y", "from", "to", "axes"], "half")
            .Numbers("from", [1], 0).Numbers("to", [1], 2).Numbers("axes", [1], 1);
        network.Model.Graph.Output[0].Name = "half";

        Encoders.AssertRefused<ArgumentException>(
            "Input 'attention_mask' of the network must hold as many numbers as tensor 'half' of [2, 2] a row has "
            + "tokens, to weigh them. Got one for each token of a row. Name another tensor in "
            + "EmbedOnnxOptions.OutputTensor, or leave out Mean.",
            Encoders.Options(network) with
            {
                Inputs = [new("input_ids", "Ids"), new("attention_mask", "Mask")],
                Pooling = EmbedPooling.Mean,
            });
    }

    [TestMethod]
    public async Task Dispose_during_runs_ends_them_with_a_clear_error()
    {
        EmbedRow[] rows = Encoders.Draw(2000, seed: 3);
        for (int turn = 0; turn < 5; turn++)
        {
            EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Linear()) with { BatchSize = 2 });
            Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => Encoders.Encode(encoder, rows)))];

            encoder.Dispose();
            encoder.Dispose();

            foreach (Task reader in readers)
            {
                try
                {
                    await reader;
                }
                catch (ObjectDisposedException error)
                {
                    Assert.AreEqual(typeof(EmbedOnnxTransformer).FullName, error.ObjectName);
                }
            }
        }
    }
}
