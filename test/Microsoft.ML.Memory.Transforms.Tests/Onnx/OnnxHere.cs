// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx;

/// <summary>Skips tests where the native library of ONNX Runtime is missing.</summary>
internal static class OnnxHere
{
    public static void Require()
    {
        try
        {
            Touch();
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            Assert.Inconclusive("The native library of ONNX Runtime is not here: run build.cs where it can be had.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch() => new SessionOptions().Dispose();
}
