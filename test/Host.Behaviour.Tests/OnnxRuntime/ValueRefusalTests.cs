// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>What values refuse: these sentences are the binding's own.</summary>
[TestClass]
public sealed class ValueRefusalTests : OnnxRuntimeTests
{
    [TestMethod]
    public void Span_of_another_type()
    {
        using var value = OrtValue.CreateTensorValueFromMemory(new float[3], [3]);

        Assert.AreEqual(
            "[ErrorCode:InvalidArgument] Requested type: System.Int64 does not match the actual type: System.Single",
            Refusal("InvalidArgument", () => value.GetTensorDataAsSpan<long>().ToArray()).Message);
    }

    [TestMethod]
    public void Span_of_bytes_views_any_numbers()
    {
        using var value = OrtValue.CreateTensorValueFromMemory(new[] { 1, -1 }, [2]);
        using var halves = OrtValue.CreateTensorValueFromMemory(new Float16[3], [3]);

        CollectionAssert.AreEqual(
            new byte[] { 1, 0, 0, 0, 255, 255, 255, 255 }, value.GetTensorDataAsSpan<byte>().ToArray());
        Assert.AreEqual(6, halves.GetTensorMutableDataAsSpan<byte>().Length);
    }

    [TestMethod]
    public void Text_is_no_span_and_numbers_are_no_text()
    {
        using var text = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [1]);
        using var number = OrtValue.CreateTensorValueFromMemory(new float[1], [1]);

        Assert.AreEqual(
            "[ErrorCode:InvalidArgument] Strings are not supported by this API",
            Refusal("InvalidArgument", () => text.GetTensorDataAsSpan<float>().ToArray()).Message);
        Refusal("InvalidArgument", () => text.GetTensorMutableDataAsSpan<byte>().ToArray());
        Assert.AreEqual(
            "[ErrorCode:Fail] GetStringTensorAsArray() is only supported for string tensors. " +
            "This OrtValue contains a Float tensor.",
            Refusal("Fail", () => number.GetStringTensorAsArray()).Message);
    }

    [TestMethod]
    public void Memory_shorter_than_its_shape()
    {
        Assert.AreEqual(
            "[ErrorCode:InvalidArgument] Managed memory size: 6 elements is less than shape size: 8 elements",
            Refusal("InvalidArgument", () => OrtValue.CreateTensorValueFromMemory(new float[6], [2, 4])).Message);
        Refusal("InvalidArgument", () => OrtValue.CreateTensorValueFromMemory((float[])null, [1]));
        using var longer = OrtValue.CreateTensorValueFromMemory(new float[6], [2, 2]);
        Assert.AreEqual(4, longer.GetTensorDataAsSpan<float>().Length);
    }

    [TestMethod]
    public void Shape_that_is_none()
    {
        Assert.ThrowsExactly<NullReferenceException>(() => OrtValue.CreateTensorValueFromMemory(new float[1], null));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => OrtValue.CreateTensorValueFromMemory(new float[6], [-1, 3]));
        Assert.AreEqual("Shape must not have negative elements: -1", error.ParamName);
    }

    [TestMethod]
    public void Elements_that_no_tensor_has()
    {
        Assert.AreEqual(
            "[ErrorCode:InvalidArgument] Tensor of type: System.Guid is not supported",
            Refusal("InvalidArgument", () => OrtValue.CreateTensorValueFromMemory(new Guid[1], [1])).Message);
        Refusal("InvalidArgument", () => OrtValue.CreateTensorValueFromMemory(new Half[1], [1]));
    }

    [TestMethod]
    public void Short_numbers_equal_themselves_even_where_they_are_none()
    {
        Assert.IsTrue(((Float16)float.NaN).Equals((Float16)float.NaN));
        Assert.IsTrue(((Float16)0f).Equals((Float16)(-0f)));
        Assert.AreEqual(((Float16)0f).GetHashCode(), ((Float16)(-0f)).GetHashCode());
        Assert.IsTrue(((BFloat16)0f).Equals((BFloat16)(-0f)));
        Assert.AreEqual((ushort)0xFFC1, ((BFloat16)float.NaN).value);
        Assert.AreEqual((ushort)0xFFC1, ((BFloat16)(-float.NaN)).value);
        Assert.IsTrue(((BFloat16)float.NaN).Equals((BFloat16)float.NaN));
    }
}
