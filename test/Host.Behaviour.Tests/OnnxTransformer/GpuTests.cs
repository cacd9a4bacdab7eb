// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace Host.Behaviour.Tests.Networks;

/// <summary>Wishes for a GPU where there is none.</summary>
[TestClass]
public sealed class GpuTests : NetworkTests
{
    [TestInitialize]
    public void Need_a_library_without_a_gpu()
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

    [TestMethod]
    public void Call_throws_or_falls_back_as_it_says()
    {
        MLContext falls = new() { FallbackToCpu = true };

        Refused(() => Ml.Transforms.ApplyOnnxModel(RankerStream(), gpuDeviceId: 0));
        Refused(() => falls.Transforms.ApplyOnnxModel(RankerStream(), gpuDeviceId: 0));
        Runs(Ml.Transforms.ApplyOnnxModel(RankerStream(), gpuDeviceId: 0, fallbackToCpu: true));
    }

    [TestMethod]
    public void Context_throws_or_falls_back_as_it_says()
    {
        MLContext gpu = new() { GpuDeviceId = 0 };

        Refused(() => gpu.Transforms.ApplyOnnxModel(RankerStream()));
        Refused(() => gpu.Transforms.ApplyOnnxModel(RankerStream(), fallbackToCpu: true));
        gpu.FallbackToCpu = true;
        Runs(gpu.Transforms.ApplyOnnxModel(RankerStream()));
    }

    [TestMethod]
    public void Load_takes_the_wish_of_the_context()
    {
        IDataView rows = Rows(1);
        MemoryStream stream = new();
        Ml.Model.Save(
            Ml.Transforms.ApplyOnnxModel(RankerStream(), 0, fallbackToCpu: true).Fit(rows), rows.Schema, stream);
        stream.Position = 0;

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new MLContext { GpuDeviceId = 0 }.Model.Load(stream, out _));

        Assert.AreEqual("Error during class instantiation", error.Message);
        Assert.IsInstanceOfType<TargetInvocationException>(error.InnerException);
        StringAssert.StartsWith(error.InnerException.InnerException.Message, "Error initializing model :");
    }

    private static void Refused(Action action)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(action);
        StringAssert.StartsWith(error.Message, "Error initializing model :");
    }

    private void Runs(IEstimator<ITransformer> estimator)
    {
        IDataView rows = Rows(1);
        Assert.AreEqual("1 3", Text(Floats(estimator.Fit(rows).Transform(rows), "scores")));
    }
}
