// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

[TestClass]
public sealed class EmbedBadInputTests
{
    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    public void Options_out_of_range_are_all_named()
    {
        var options = new EmbedOnnxOptions
        {
            OutputColumnName = "",
            Inputs = [new("x", "A"), new("x", "")],
            OutputTensor = "",
            Image = new ImageInputOptions { Scale = 0 },
            Pooling = (EmbedPooling)9,
            BatchSize = 0,
            Dimensions = new Dictionary<string, int> { ["n"] = 0 },
            ThreadCount = 0,
            GpuDeviceId = -1,
            MaxModelBytes = 0,
            MaxImageBytes = 0,
            MaxImagePixels = 0,
        };

        Exception error = Assert.ThrowsExactly<ArgumentException>(
            () => Encoders.MlContext.Transforms.EmbedOnnx(options));

        Assert.AreEqual(
            "EmbedOnnxOptions.ModelFile must be given, or ModelBytes, but not both. Got none. "
            + "EmbedOnnxOptions.OutputColumnName must be a column name. Got an empty name. "
            + "EmbedOnnxOptions.Inputs must be a column name. Got an empty name. "
            + "EmbedOnnxOptions.Inputs must be different inputs. Got x. "
            + "EmbedOnnxOptions.OutputTensor must be null or the name of a tensor. Got an empty name. "
            + "EmbedOnnxOptions.Image.Scale must be finite and above 0. Got 0. "
            + "EmbedOnnxOptions.Pooling must be one of EmbedPooling. Got 9. "
            + "EmbedOnnxOptions.BatchSize must be in [1, 4096]. Got 0. "
            + "EmbedOnnxOptions.Dimensions must be names with sizes above 0. Got 0. "
            + "EmbedOnnxOptions.ThreadCount must be null or in [1, 1024]. Got 0. "
            + "EmbedOnnxOptions.GpuDeviceId must be null or at least 0. Got -1. "
            + "EmbedOnnxOptions.MaxModelBytes must be in [1, 2147483583]. Got 0. "
            + "EmbedOnnxOptions.MaxImageBytes must be at least 1. Got 0. "
            + "EmbedOnnxOptions.MaxImagePixels must be at least 1. Got 0.",
            error.Message);
    }

    [TestMethod]
    public void Fit_an_input_that_is_not_there_lists_those_that_are() => Encoders.AssertRefused<ArgumentException>(
        "EmbedOnnxOptions.Inputs must name inputs of the network that lead to its output. Got 'z'. Its inputs are "
        + "'input_ids', 'attention_mask', 'token_type_ids'.",
        Encoders.Options(TinyNetwork.Words()) with
        {
            OutputTensor = "y",
            Inputs = [new("input_ids", "Ids"), new("z", "Mask")],
        });

    [TestMethod]
    public void Fit_an_input_without_a_column_is_refused()
    {
        TinyNetwork network = TinyNetwork.Linear().Input("v", DataType.Float, "n", 2).Node("Add", ["y", "v"], "z");
        network.Model.Graph.Output[0].Name = "z";

        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.Inputs must name a column for every input of a network of several. Got none. "
            + "Its inputs are 'x', 'v'.",
            Encoders.Options(network));
        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.Inputs must name a column for every input of the network. Got none for 'v'. "
            + "Its inputs are 'x', 'v'.",
            Encoders.Options(network) with { Inputs = [new("x", "Features")] });
    }

    [TestMethod]
    public void Fit_open_dimensions_are_named_and_can_be_given()
    {
        TinyNetwork network = TinyNetwork.Same(DataType.Float, "n", 3, "height", "");
        EmbedOnnxOptions options = Encoders.Options(network, "Pixels") with { Image = ImagePresets.Raw };

        Encoders.AssertRefused<ArgumentException>(
            "Dimension 'height' of the network's input 'image' [n, 3, height, image[3]] must be known. Got none. "
            + "Give its size in EmbedOnnxOptions.Dimensions.",
            options);
        EmbedOnnxOptions known = options with
        {
            Image = ImagePresets.Raw with { Width = 2, Height = 2 },
            Dimensions = new Dictionary<string, int> { ["height"] = 1, ["image[3]"] = 2 },
        };
        Assert.HasCount(6, Encoders.Encode(known, new EmbedRow())[0]);
    }

    [TestMethod]
    public void Fit_a_column_tells_one_open_dimension_but_not_two()
    {
        Assert.HasCount(
            3, Encoders.Encode(Encoders.Options(TinyNetwork.Same(DataType.Float, "n", "d", 1)), new EmbedRow())[0]);
        Encoders.AssertRefused<ArgumentException>(
            "Dimension 'd' of the network's input 'image' [n, d, e] must be known. Got none. "
            + "Give its size in EmbedOnnxOptions.Dimensions.",
            Encoders.Options(TinyNetwork.Same(DataType.Float, "n", "d", "e")));
        Encoders.AssertRefused<ArgumentException>(
            "Column 'Features' must hold a multiple of 2 values a row for input 'image' [n, d, 2] of the network. "
            + "Got 3.",
            Encoders.Options(TinyNetwork.Same(DataType.Float, "n", "d", 2)));
    }

    [TestMethod]
    public void Fit_columns_that_do_not_fit_are_refused()
    {
        Encoders.AssertRefused<ArgumentException>(
            "Column 'Features' must hold 4 values a row for input 'image' [n, 4] of the network. Got 3.",
            Encoders.Options(TinyNetwork.Same(DataType.Float, "n", 4)));
        Encoders.AssertRefused<ArgumentException>(
            "Column 'Label' must hold numbers for input 'x' of the network. Got String. "
            + "Convert it with mlContext.Transforms.Conversion.ConvertType.",
            Encoders.Options(TinyNetwork.Linear(), "Label"));
        Encoders.AssertRefused<ArgumentException>(
            "Column 'Ids' must have a known size for input 'x' [batch, 3] of the network. Got Vector<Int64>.",
            Encoders.Options(TinyNetwork.Linear(), "Ids"));
        Encoders.AssertRefused<ArgumentException>(
            "Column 'Nothing' must be in the data. Got columns 'Label', 'Count', 'Features', 'Doubles', 'Integers', "
            + "'Ids', 'Mask', 'Pixels', 'PixelNumbers', 'File'.",
            Encoders.Options(TinyNetwork.Linear(), "Nothing"));
    }

    [TestMethod]
    public void Fit_an_operator_that_is_unknown_is_named() => Encoders.AssertRefused<InvalidDataException>(
        "The network must use operators that this ONNX Runtime knows. Got 'NoSuchOperator' of opset 17. "
        + "Update ONNX Runtime, or export the network without it.",
        Encoders.Options(TinyNetwork.Linear().Node("NoSuchOperator", ["y"], "z")) with { OutputTensor = "z" });

    [TestMethod]
    public void Fit_an_opset_that_is_unknown_is_named()
    {
        var network = new TinyNetwork(opset: 9999);
        network.Input("x", DataType.Float, "n", 3).Node("Relu", ["x"], "y").Output("y", DataType.Float, "n", 3);

        Encoders.AssertRefused<InvalidDataException>(
            "The network must use operators of an opset that this ONNX Runtime knows. Got opset 9999. "
            + "Update ONNX Runtime, or export with an older opset.",
            Encoders.Options(network));
    }

    [TestMethod]
    public void Fit_types_that_cannot_be_read_are_refused()
    {
        TinyNetwork texts = new TinyNetwork().Input("x", DataType.String, "n", 3).Node("Identity", ["x"], "y")
            .Output("y", DataType.String, "n", 3);
        TinyNetwork numbers = new TinyNetwork().Input("x", DataType.Float, "n", 3)
            .Node("Cast", ["x"], "y", ("to", (long)DataType.Int64)).Output("y", DataType.Int64, "n", 3);

        Encoders.AssertRefused<InvalidDataException>(
            "Input 'x' of the network must be of type Float or Float16 or Double or UInt8 or Bool or Int32 or Int64. "
            + "Got String.",
            Encoders.Options(texts));
        Encoders.AssertRefused<InvalidDataException>(
            "Tensor 'y' of the network must hold numbers of type Float, Float16 or Double. Got Int64. Name another in "
            + "EmbedOnnxOptions.OutputTensor.",
            Encoders.Options(numbers));
    }

    [TestMethod]
    public void Fit_poolings_that_do_not_fit_are_refused()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Linear());

        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.Pooling must be None or Mean for a tensor that is not [tokens, d] a row. Got First for "
            + "tensor 'y' of [2] a row.",
            options with { Pooling = EmbedPooling.First });
        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.Pooling must be None for a tensor that is neither [tokens, d] nor [c, height, width] a "
            + "row. Got Mean for tensor 'y' of [2] a row.",
            options with { Pooling = EmbedPooling.Mean });
    }

    [TestMethod]
    public void Fit_a_tensor_that_does_not_count_rows_is_refused()
    {
        TinyNetwork network = TinyNetwork.Linear().Numbers("all", [2], 0, 1)
            .Node("ReduceSum", ["y", "all"], "total", ("keepdims", 1));

        Encoders.AssertRefused<InvalidDataException>(
            "Tensor 'total' of the network must have a first dimension of 2 for 2 rows. Got [1, 1]. "
            + "Name another in EmbedOnnxOptions.OutputTensor.",
            Encoders.Options(network) with { OutputTensor = "total" });
    }

    [TestMethod]
    public void Fit_a_GPU_that_is_not_there_is_refused_or_done_without()
    {
        var log = new List<string>();
        var mlContext = new MLContext(seed: 0);
        mlContext.Log += (_, line) => log.Add(line.Message);
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Linear()) with { GpuDeviceId = 99 };
        IDataView view = mlContext.Data.LoadFromEnumerable([new EmbedRow { Features = [1, 0, 0] }]);

        Exception error = Assert.ThrowsExactly<InvalidOperationException>(
            () => mlContext.Transforms.EmbedOnnx(options).Fit(view));
        using EmbedOnnxTransformer encoder = mlContext.Transforms
            .EmbedOnnx(options with { FallbackToCpu = true }).Fit(view);
        mlContext.FallbackToCpu = true;
        mlContext.GpuDeviceId = 98;
        using EmbedOnnxTransformer other = mlContext.Transforms
            .EmbedOnnx(options with { GpuDeviceId = null }).Fit(view);

        StringAssert.StartsWith(
            error.Message,
            "EmbedOnnxOptions.GpuDeviceId must be the number of a GPU that ONNX Runtime can use. Got 99: ");
        StringAssert.EndsWith(
            error.Message,
            " Add the package Microsoft.ML.OnnxRuntime.Gpu on a machine with CUDA, or set FallbackToCpu.");
        Assert.IsTrue(log.Any(line => line.Contains("EmbedOnnxOptions.GpuDeviceId must be", StringComparison.Ordinal)
            && line.EndsWith(" The CPU is used.", StringComparison.Ordinal)));
        Assert.IsTrue(log.Any(line => line.Contains("MLContext.GpuDeviceId must be", StringComparison.Ordinal)));
        Encoders.AssertSame([[1, 2]], Encoders.Encode(encoder, new EmbedRow { Features = [1, 0, 0] }));
    }
}
