// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>Skips where the native library is missing, and makes the models that several tests run.</summary>
public abstract class OnnxRuntimeTests
{
    [TestInitialize]
    public void Need_the_native_library()
    {
        try
        {
            Touch();
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            Assert.Inconclusive("The native library of ONNX Runtime is not here: run build.cs where npm is.");
        }
    }

    /// <summary>scores [batch, 2] = x [batch, 3] times weights, and the best of each row.</summary>
    private protected static byte[] Ranker() => new TinyModel()
        .Input("x", TensorElementType.Float, "batch", 3)
        .Output("scores", TensorElementType.Float, "batch", 2)
        .Output("best", TensorElementType.Float, "batch", 1)
        .Output("place", TensorElementType.Int64, "batch", 1)
        .Weights("w", [3, 2], 1f, -1f, 2f, 0.5f, 0f, 4f)
        .Weights("k", [1], 1L)
        .Node("MatMul", ["x", "w"], ["scores"])
        .Node("TopK", ["scores", "k"], ["best", "place"])
        .ToBytes();

    /// <summary>y = x, which is the whole graph.</summary>
    private protected static byte[] Same(TensorElementType type, params object[] dimensions) => new TinyModel()
        .Input("x", type, dimensions)
        .Output("y", type, dimensions)
        .Node("Identity", ["x"], ["y"])
        .ToBytes();

    private protected static OnnxRuntimeException Refusal(string code, Action action)
    {
        OnnxRuntimeException error = Assert.ThrowsExactly<OnnxRuntimeException>(action);
        StringAssert.StartsWith(error.Message, $"[ErrorCode:{code}] ");
        return error;
    }

    // Apart, so that what needs the library is compiled when it is called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch() => OrtEnv.Instance();
}
