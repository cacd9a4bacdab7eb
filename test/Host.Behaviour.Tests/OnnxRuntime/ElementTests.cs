// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>The element types of tensors, text among them.</summary>
[TestClass]
public sealed class ElementTests : OnnxRuntimeTests
{
    [TestMethod]
    public void Text_passes_through_whatever_it_holds()
    {
        string[] text = ["", "plain", "über", "日本語", "😀", "a\0b", "line\nline"];
        using var session = new InferenceSession(Same(TensorElementType.String, "n"));

        CollectionAssert.AreEqual(text, PassText(session, text));
    }

    [TestMethod]
    public void Text_of_any_array_passes_through()
    {
        using var session = new InferenceSession(Same(TensorElementType.String, "n"));

        Config config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20_261_121, 5);

        Check.One(config, Prop.ForAll<NonNull<string>[]>(items =>
        {
            // UTF-8 has no halves of surrogate pairs.
            string[] text = [.. items.Select(i => new string([.. i.Get.Where(c => !char.IsSurrogate(c))]))];
            return PassText(session, text).SequenceEqual(text);
        }));
    }

    [TestMethod]
    public void Text_that_nobody_set_is_empty()
    {
        using var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [2, 1]);

        CollectionAssert.AreEqual(new[] { "", "" }, value.GetStringTensorAsArray());
        Assert.IsTrue(value.GetTensorTypeAndShape().IsString);
    }

    [TestMethod]
    public void Half_numbers_are_added()
    {
        byte[] model = new TinyModel()
            .Input("x", TensorElementType.Float16, 3)
            .Output("y", TensorElementType.Float16, 3)
            .Node("Add", ["x", "x"], ["y"])
            .ToBytes();
        using var session = new InferenceSession(model);
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(
            new[] { (Float16)0.25f, (Float16)(-3f), (Float16)1000f }, [3]);

        using var results = session.Run(options, ["x"], [input], ["y"]);

        CollectionAssert.AreEqual(new[] { 0.5f, -6f, 2000f },
            results[0].GetTensorDataAsSpan<Float16>().ToArray().Select(h => (float)h).ToArray());
    }

    [TestMethod]
    [DataRow(1f, (ushort)0x3C00)]
    [DataRow(-2f, (ushort)0xC000)]
    [DataRow(65504f, (ushort)0x7BFF)]
    [DataRow(5.9604645e-8f, (ushort)1)]
    [DataRow(float.PositiveInfinity, (ushort)0x7C00)]
    public void Float16_has_the_bits_of_ieee754(float number, ushort bits)
    {
        Assert.AreEqual(bits, ((Float16)number).value);
        Assert.AreEqual(number, (float)new Float16(bits));
    }

    [TestMethod]
    [DataRow(1f, (ushort)0x3F80)]
    [DataRow(-2f, (ushort)0xC000)]
    [DataRow(float.NegativeInfinity, (ushort)0xFF80)]
    public void BFloat16_has_the_upper_bits_of_a_single(float number, ushort bits)
    {
        Assert.AreEqual(bits, ((BFloat16)number).value);
        Assert.AreEqual(number, (float)new BFloat16(bits));
    }

    [TestMethod]
    public void Type_and_shape_are_those_of_the_memory()
    {
        Of(new float[6], TensorElementType.Float);
        Of(new double[6], TensorElementType.Double);
        Of(new byte[6], TensorElementType.UInt8);
        Of(new sbyte[6], TensorElementType.Int8);
        Of(new ushort[6], TensorElementType.UInt16);
        Of(new short[6], TensorElementType.Int16);
        Of(new uint[6], TensorElementType.UInt32);
        Of(new int[6], TensorElementType.Int32);
        Of(new ulong[6], TensorElementType.UInt64);
        Of(new long[6], TensorElementType.Int64);
        Of(new bool[6], TensorElementType.Bool);
        Of(new Float16[6], TensorElementType.Float16);
        Of(new BFloat16[6], TensorElementType.BFloat16);

        static void Of<T>(T[] data, TensorElementType type) where T : unmanaged
        {
            using var value = OrtValue.CreateTensorValueFromMemory(data, [2, 3]);
            OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
            Assert.AreEqual(type, info.ElementDataType);
            CollectionAssert.AreEqual(new long[] { 2, 3 }, info.Shape);
            Assert.AreEqual(6L, info.ElementCount);
            Assert.AreEqual(2, info.DimensionsCount);
            Assert.IsFalse(info.IsString);
            Assert.IsTrue(value.IsTensor);
            Assert.AreEqual(OnnxValueType.ONNX_TYPE_TENSOR, value.OnnxType);
            Assert.AreEqual(6, value.GetTensorDataAsSpan<T>().Length);
        }
    }

    private static string[] PassText(InferenceSession session, string[] text)
    {
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [text.Length]);
        for (int i = 0; i < text.Length; i++)
            input.StringTensorSetElementAt(text[i], i);
        using var results = session.Run(options, ["x"], [input], ["y"]);
        return results[0].GetStringTensorAsArray();
    }
}
