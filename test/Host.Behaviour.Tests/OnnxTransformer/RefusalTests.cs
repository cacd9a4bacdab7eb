// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.OnnxRuntime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Onnx;

namespace Host.Behaviour.Tests.Networks;

/// <summary>What ApplyOnnxModel does not take.</summary>
[TestClass]
public sealed class RefusalTests : NetworkTests
{
    [TestMethod]
    public void Fit_missing_column_throws()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<PairRow>([new()]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows));

        Assert.AreEqual("Could not find input column 'x' (Parameter 'inputSchema')", error.Message);
    }

    [TestMethod]
    public void Fit_missing_column_in_a_chain_throws()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<PairRow>([new()]);
        IEstimator<ITransformer> chain = Ml.Transforms.ApplyOnnxModel(RankerStream())
            .Append(Ml.Transforms.CopyColumns("copy", "scores"));

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(rows));

        Assert.AreEqual("Could not find input column 'x' (Parameter 'inputSchema')", error.Message);
    }

    [TestMethod]
    public void Fit_column_of_another_type_throws()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<Texts>([new() { X = ["a", "b", "c"] }]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows));

        Assert.AreEqual(
            "Schema mismatch for input column 'x': expected Single, got Vector<String, 3> (Parameter 'inputSchema')",
            error.Message);
    }

    [TestMethod]
    public void ApplyOnnxModel_unknown_outputs_are_refused_at_once_and_inputs_with_the_columns()
    {
        OnnxScoringEstimator estimator = Named(["total"], ["left", "Right"]);
        var input = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Pairs()));
        var output = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Named(["sum"], ["left", "right"]));
        var ranker = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.ApplyOnnxModel("scores", "z", RankerStream()).Fit(Rows()));

        Assert.AreEqual(
            "Input tensor, Right, does not exist in the ONNX model. Available input names are [left,right]. " +
            "Available initializers are []",
            input.ParamName);
        Assert.AreEqual(
            "Ouput tensor, sum, does not exist in the ONNX model. Available output names are [total,rest].",
            output.ParamName);
        StringAssert.StartsWith(output.Message, "name (Parameter 'Ouput tensor, sum, ");
        Assert.AreEqual("sum", output.ActualValue);
        StringAssert.EndsWith(ranker.ParamName, " Available initializers are []");
    }

    [TestMethod]
    public void ApplyOnnxModel_no_name_is_refused_at_once()
    {
        var output = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.ApplyOnnxModel(null, "x", RankerStream()));
        var input = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.ApplyOnnxModel("scores", "", RankerStream()));

        Assert.AreEqual("OutputColumns cannot be null or white space (Parameter 'OutputColumns')", output.Message);
        Assert.AreEqual("InputColumns cannot be null or white space (Parameter 'InputColumns')", input.Message);
    }

    [TestMethod]
    public void Transform_without_an_input_of_the_network_fails_when_read() => StringAssert.StartsWith(
        Ahead<OnnxRuntimeException>(Named(["total"], ["left"]).Fit(Pairs()).Transform(Pairs()), "total").Message,
        "[ErrorCode:Fail] Non-zero status code returned while running ");

    [TestMethod]
    [DataRow(TensorElementType.Float16, "Float16")]
    [DataRow(TensorElementType.BFloat16, "Bfloat16")]
    public void ApplyOnnxModel_short_numbers_are_refused_at_once(TensorElementType type, string name)
    {
        byte[] second = new TinyModel()
            .Input("x", TensorElementType.Float, 1, 3)
            .Output("y", TensorElementType.Float, 1, 3)
            .Output("z", type, 1, 3)
            .Node("Identity", ["x"], ["y"])
            .Node("Cast", ["x"], ["z"], ("to", (long)type))
            .ToBytes();

        foreach (byte[] network in new[] { Same(type, 1, 3), second })
        {
            Assert.AreEqual($"Unsupported ONNX scalar type: {name}", Assert.ThrowsExactly<InvalidOperationException>(
                () => Ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(network))).Message);
        }
    }

    [TestMethod]
    public void Getter_of_another_type_and_before_the_first_row_throw()
    {
        IDataView scored = Ml.Transforms.ApplyOnnxModel("scores", "x", RankerStream()).Fit(Rows(1)).Transform(Rows(1));
        DataViewSchema.Column scores = scored.Schema["scores"];
        using DataViewRowCursor cursor = scored.GetRowCursor([scores]);

        var type = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<VBuffer<long>>(scores));
        var early = Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            VBuffer<float> value = default;
            cursor.GetGetter<VBuffer<float>>(scores)(ref value);
        });

        Assert.AreEqual(
            "Invalid TValue: 'Microsoft.ML.Data.VBuffer`1[System.Int64]', " +
            "expected type: 'Microsoft.ML.Data.VBuffer`1[System.Single]'.",
            type.Message);
        Assert.AreEqual("Cannot get value as the cursor is not in a good state", early.Message);
    }

    [TestMethod]
    public void Transform_after_Dispose_fails_when_read()
    {
        IDataView rows = Rows(1);
        OnnxTransformer transformer = Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows);
        IDataView scored = transformer.Transform(rows);

        transformer.Dispose();
        transformer.Dispose();

        Ahead<Exception>(scored, "scores");
    }

    private OnnxScoringEstimator Named(string[] outputs, string[] inputs) =>
        Ml.Transforms.ApplyOnnxModel(outputs, inputs, new MemoryStream(Adder()));

    private IDataView Pairs() => Ml.Data.LoadFromEnumerable<PairRow>([new() { Left = [1, 2], Right = [3, 4] }]);

    private sealed class Texts
    {
        [ColumnName("x")]
        [VectorType(3)]
        public string[] X { get; set; }
    }
}
