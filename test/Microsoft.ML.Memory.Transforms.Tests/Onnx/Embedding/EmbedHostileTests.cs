// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

/// <summary>Networks and settings beyond what a process can hold, and networks of other values than tensors.</summary>
[TestClass]
public sealed class EmbedHostileTests
{
    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    public void Fit_dimensions_beyond_measure_are_refused() => Encoders.AssertRefused<InvalidDataException>(
        "Input 'x' [n, 2000000000, 2000000000, 2000000000] of the network must hold at most 268435456 numbers a row. "
        + "Got more.",
        Encoders.Options(new TinyNetwork()
            .Input("x", DataType.Float, "n", 2_000_000_000, 2_000_000_000, 2_000_000_000)
            .Node("Relu", ["x"], "y").Output("y", DataType.Float, "n", "m")));

    [TestMethod]
    public void Fit_a_trial_of_3_GiB_is_refused() => Encoders.AssertRefused<InvalidDataException>(
        "The inputs of the network must take at most 1073741824 bytes in a trial run of 3 rows. Got 3221225472. If it "
        + "is to be trusted, raise the AppContext data 'Microsoft.ML.Memory.MaxOnnxTrialBytes'.",
        Encoders.Options(new TinyNetwork()
            .Input("x", DataType.Float, "n", 1, 1 << 14, 1 << 14)
            .Node("Relu", ["x"], "y").Output("y", DataType.Float, "n", 1, 1 << 14, 1 << 14), "File") with
        { Image = ImagePresets.Raw });

    [TestMethod]
    public void Fit_a_network_for_one_row_is_tried_with_one_where_three_take_too_much()
    {
        AppContext.SetData(TrialLimit.Setting, 35);
        try
        {
            using (EmbedOnnxTransformer one = Encoders.Fit(Encoders.Options(TinyNetwork.Linear(batch: 1))))
            {
                Assert.AreEqual(1, one.BatchSize);
                Encoders.AssertSame([[1, 2]], Encoders.Encode(one, new EmbedRow { Features = [1, 0, 0] }));
            }

            AppContext.SetData(TrialLimit.Setting, 11);
            Encoders.AssertRefused<InvalidDataException>(
                "The inputs of the network must take at most 11 bytes in a trial run of 1 row. Got 12. If it is to be "
                + "trusted, raise the AppContext data 'Microsoft.ML.Memory.MaxOnnxTrialBytes'.",
                Encoders.Options(TinyNetwork.Linear(batch: 1)));
            AppContext.SetData(TrialLimit.Setting, 47);
            Encoders.AssertRefused<InvalidDataException>(
                "The inputs of the network must take at most 47 bytes in a trial run of 4 rows. Got 48. If it is to be "
                + "trusted, raise the AppContext data 'Microsoft.ML.Memory.MaxOnnxTrialBytes'.",
                Encoders.Options(TinyNetwork.Linear(batch: 4)));
        }
        finally
        {
            AppContext.SetData(TrialLimit.Setting, null);
        }
    }

    [TestMethod]
    public void Fit_what_could_not_be_loaded_is_refused()
    {
        object[] dims = ["n", .. Enumerable.Repeat<object>(1, 16), 3];
        var many = new TinyNetwork();
        string last = "x0";
        for (int input = 0; input < 257; input++)
        {
            many.Input($"x{input}", DataType.Float, "n", 3);
            if (input > 0) many.Node("Add", [last, $"x{input}"], last = $"y{input}");
        }

        many.Output(last, DataType.Float, "n", 3);

        Encoders.AssertRefused<InvalidDataException>(
            "The number of dimensions of an input must be in [0, 16]. Got 17.",
            Encoders.Options(TinyNetwork.Same(DataType.Float, dims)));
        Encoders.AssertRefused<InvalidDataException>(
            "The number of inputs of the network must be in [1, 256]. Got 257.",
            Encoders.Options(many) with
            {
                Inputs = [.. Enumerable.Range(0, 257).Select(input => new EmbedOnnxInput($"x{input}", "Features"))],
            });
        Encoders.AssertRefused<InvalidDataException>(
            "The names of columns and inputs must take at most 1048576 bytes with all settings. Got 1200079.",
            Encoders.Options(TinyNetwork.Linear()) with { OutputColumnName = new string('c', 1_200_000) });
    }

    [TestMethod]
    public void Fit_an_output_that_is_no_tensor_is_refused()
    {
        TinyNetwork network = TinyNetwork.Linear().Node("SequenceConstruct", ["y"], "list");
        network.Model.Graph.Output[0] = new ValueInfoProto { Name = "list" };

        Encoders.AssertRefused<InvalidDataException>(
            "Output 'list' of the network must be a tensor. Got ONNX_TYPE_SEQUENCE. Name another in "
            + "EmbedOnnxOptions.OutputTensor.",
            Encoders.Options(network));
    }

    [TestMethod]
    public void Transform_features_whose_number_follows_the_values_are_refused()
    {
        TinyNetwork network = TinyNetwork.Linear().Weights("most", [1], 1000)
            .Node("ReduceMax", ["x"], "largest", ("keepdims", 1))
            .Node("Less", ["largest", "most"], "small").Numbers("two", [1], 2).Numbers("one", [1], 1)
            .Node("Reshape", ["small", "one"], "flag").Node("Expand", ["flag", "two"], "kept")
            .Node("Compress", ["y", "kept"], "some", ("axis", 1));
        using EmbedOnnxTransformer encoder = Encoders.Fit(
            Encoders.Options(network) with { OutputTensor = "some" });

        Exception error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Encoders.Encode(encoder, new EmbedRow { Features = [2000, 0, 0] }));

        Assert.AreEqual(
            "Tensor 'some' of the network must hold 2 numbers for each of 1 rows. Got [1, 0].", error.Message);
    }

    [TestMethod]
    public void Fit_a_batch_that_no_array_holds_is_refused() => Encoders.AssertRefused<ArgumentException>(
        "EmbedOnnxOptions.BatchSize must be at most 2147 for rows of 1000000 numbers. Got 4096 rows at a time.",
        Encoders.Options(new TinyNetwork()
            .Input("x", DataType.Float, "n", 3)
            .Node("Pad", ["x", "pads"], "y").Numbers("pads", [4], 0, 0, 0, 999_997)
            .Output("y", DataType.Float, "n", 1_000_000)) with
        { BatchSize = 4096 });

    [TestMethod]
    public void Options_more_threads_than_a_process_can_have_are_refused()
    {
        Exception error = Assert.ThrowsExactly<ArgumentException>(() => Encoders.MlContext.Transforms.EmbedOnnx(
            Encoders.Options(TinyNetwork.Linear()) with { ThreadCount = 1_000_000 }));

        Assert.AreEqual(
            "EmbedOnnxOptions.ThreadCount must be null or in [1, 1024]. Got 1000000.", error.Message);
    }

    [TestMethod]
    public void Transform_no_rows_runs_nothing()
    {
        using EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Linear()));

        Assert.IsEmpty(Encoders.Encode(encoder));
    }

    [TestMethod]
    public void Images_of_many_sizes_share_their_room()
    {
        var target = new ImageTarget(3, 4, 4, Multiple: 0, "EmbedOnnxOptions.Image", "network");
        var images = new SizedImages(
            Encoders.Options(TinyNetwork.Linear()), ImagePresets.ImageNet with { ShortestSide = 4 }, target, "File");
        var scratch = new ImageScratch();
        byte[] pixels = new byte[4 * 1000 * 1000];
        float[] row = new float[target.Length];
        images.Convert(pixels, 1000, 1000, PixelOrder.Rgba, scratch, row);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int size = 990; size < 1000; size++)
            images.Convert(pixels.AsSpan(0, 4 * size * size), size, size, PixelOrder.Rgba, scratch, row);

        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
