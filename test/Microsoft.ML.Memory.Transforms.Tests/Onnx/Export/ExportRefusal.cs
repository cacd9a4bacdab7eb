// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Asserts that an action is refused by one type of exception with one message, word for word.</summary>
internal static class ExportRefusal
{
    public static void Assert<TError>(string message, Action action)
        where TError : Exception
        => VisualStudio.TestTools.UnitTesting.Assert.AreEqual(
            message, VisualStudio.TestTools.UnitTesting.Assert.ThrowsExactly<TError>(action).Message);
}
