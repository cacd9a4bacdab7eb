// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;

namespace Host.Behaviour.Tests.Networks;

/// <summary>What ApplyOnnxModel does not take.</summary>
/// <remarks>Messages are asserted where users quote them; elsewhere that it throws, and when.</remarks>
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

        StringAssert.StartsWith(
            error.Message, "Schema mismatch for input column 'x': expected ", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_column_of_any_size_throws()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<AnySize>([new() { X = [1, 2, 3] }]);

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows));

        Assert.AreEqual("Variable length input columns not supported", error.Message);
    }

    [TestMethod]
    public void Fit_column_of_another_size_throws()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable<Two>([new() { X = [1, 2] }]);

        Assert.Throws<InvalidOperationException>(() => Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows));
    }

    [TestMethod]
    public void ApplyOnnxModel_unknown_names_throw()
    {
        IDataView rows = Rows();

        Assert.Throws<Exception>(() => Ml.Transforms.ApplyOnnxModel("scores", "z", RankerStream()).Fit(rows));
        Assert.Throws<Exception>(() => Ml.Transforms.ApplyOnnxModel("z", "x", RankerStream()).Fit(rows));
    }

    [TestMethod]
    public void ApplyOnnxModel_what_is_no_network_throws()
    {
        byte[] network = Ranker();

        Assert.Throws<Exception>(() => Ml.Transforms.ApplyOnnxModel(new MemoryStream("no network"u8.ToArray())));
        Assert.Throws<Exception>(() => Ml.Transforms.ApplyOnnxModel(new MemoryStream(network[..(network.Length / 2)])));
        Assert.Throws<Exception>(() => Ml.Transforms.ApplyOnnxModel("no-such-folder/network.onnx"));
    }

    [TestMethod]
    public void ApplyOnnxModel_a_given_shape_that_does_not_fit_throws()
    {
        IDataView rows = Rows();
        Dictionary<string, int[]> shapes = new() { ["x"] = [1, 4] };

        Assert.Throws<Exception>(
            () => Ml.Transforms.ApplyOnnxModel(RankerStream(), shapes).Fit(rows).Transform(rows).Preview());
    }

    [TestMethod]
    public void ApplyOnnxModel_a_gpu_that_is_not_there_throws_or_falls_back()
    {
        RequireNoGpu();
        IDataView rows = Rows(1);

        Assert.Throws<Exception>(() => Ml.Transforms.ApplyOnnxModel(RankerStream(), gpuDeviceId: 0));
        IDataView scored = Ml.Transforms.ApplyOnnxModel(RankerStream(), gpuDeviceId: 0, fallbackToCpu: true)
            .Fit(rows).Transform(rows);
        Assert.AreEqual("1 3", Text(Floats(scored, "scores")));
    }

    [TestMethod]
    public void ApplyOnnxModel_takes_the_gpu_of_the_context()
    {
        RequireNoGpu();
        MLContext gpu = new() { GpuDeviceId = 0 };
        IDataView rows = Rows(1);

        Assert.Throws<Exception>(() => gpu.Transforms.ApplyOnnxModel(RankerStream()));
        gpu.FallbackToCpu = true;
        IDataView scored = gpu.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows).Transform(rows);
        Assert.AreEqual("1 3", Text(Floats(scored, "scores")));
    }

    [TestMethod]
    public void Transform_after_Dispose_throws()
    {
        IDataView rows = Rows(1);
        OnnxTransformer transformer = Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(rows);
        IDataView scored = transformer.Transform(rows);

        transformer.Dispose();

        Assert.Throws<Exception>(() => Floats(scored, "scores"));
    }

    private static void RequireNoGpu()
    {
        using SessionOptions options = new();
        try
        {
            options.AppendExecutionProvider_CUDA(0);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException)
        {
            return;
        }
        Assert.Inconclusive("This ONNX Runtime has a GPU.");
    }

    private sealed class Texts
    {
        [ColumnName("x")]
        [VectorType(3)]
        public string[] X { get; set; }
    }

    private sealed class AnySize
    {
        [ColumnName("x")]
        public float[] X { get; set; }
    }

    private sealed class Two
    {
        [ColumnName("x")]
        [VectorType(2)]
        public float[] X { get; set; }
    }
}
