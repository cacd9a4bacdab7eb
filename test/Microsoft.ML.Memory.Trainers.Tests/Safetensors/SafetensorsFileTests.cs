// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Microsoft.ML.Memory.Trainers.Tests.Golden;

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class SafetensorsFileTests
{
    [TestMethod]
    public void Open_scalar_has_one_element()
    {
        using SafetensorsFile file = OpenGolden("valid_01_scalar");

        Assert.AreEqual("'a' F32 []", file.Find("a").ToString());
        Assert.AreEqual(1, file.Find("a").ElementCount);
        CollectionAssert.AreEqual(new[] { 2f }, file.ReadSingles("a"));
    }

    [TestMethod]
    public void Open_tensor_without_elements_reads_none()
    {
        using SafetensorsFile file = OpenGolden("valid_02_zero_elements");

        Assert.AreEqual("'a' F32 [0, 3]", file.Find("a").ToString());
        Assert.IsEmpty(file.ReadSingles("a"));
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3 }, file.ReadSingles("b"));
    }

    [TestMethod]
    public void Open_unpadded_header_reads_values_off_alignment()
    {
        using SafetensorsFile file = OpenGolden("valid_03_unpadded_header");

        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3 }, file.ReadSingles("a"));
        CollectionAssert.AreEqual(new long[] { 1, 2, 3 }, file.ReadInt64s("odd"));
        Assert.AreEqual(137, file.Find("odd").ByteOffset);
    }

    [TestMethod]
    public void Open_other_order_lists_tensors_by_place()
    {
        using SafetensorsFile file = OpenGolden("valid_04_order_differs");

        CollectionAssert.AreEqual(new[] { "first", "second" }, file.Tensors.Keys.ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3 }, file.ReadSingles("first"));
        CollectionAssert.AreEqual(new float[] { 0, 1 }, file.ReadSingles("second"));
    }

    [TestMethod]
    public void Open_unicode_keeps_names_and_notes()
    {
        using SafetensorsFile file = OpenGolden("valid_05_unicode_name_and_metadata");

        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3 }, file.ReadSingles("gewicht.\u00e4"));
        Assert.HasCount(2, file.Metadata);
        Assert.AreEqual("pt", file.Metadata["format"]);
        Assert.AreEqual("\u00e9\u4e2d", file.Metadata["autor"]);
    }

    [TestMethod]
    public void Open_empty_header_has_no_tensors()
    {
        using SafetensorsFile file = OpenGolden("valid_06_empty_header");

        Assert.IsEmpty(file.Tensors);
        Assert.IsEmpty(file.Metadata);
    }

    [TestMethod]
    [DataRow("bool", new long[] { 1, 0, 1 })]
    [DataRow("u8", new long[] { 1, 255 })]
    [DataRow("i8", new long[] { -1, 5 })]
    [DataRow("i16", new long[] { -2, 6 })]
    [DataRow("u16", new long[] { 65535 })]
    [DataRow("i32", new long[] { -3 })]
    [DataRow("u32", new long[] { 4_000_000_000 })]
    [DataRow("i64", new long[] { -(1L << 40) })]
    public void ReadInt64s_all_types_gives_their_values(string name, long[] expected)
    {
        using SafetensorsFile file = OpenGolden("valid_07_all_dtypes");

        CollectionAssert.AreEqual(expected, file.ReadInt64s(name));
    }

    [TestMethod]
    [DataRow("f16", new[] { 1.5f, -2, 5.9604645e-8f, 65504, float.PositiveInfinity })]
    [DataRow("bf16", new[] { 1.5f, -2, float.PositiveInfinity, 9.1835496e-41f })]
    [DataRow("f32", new[] { 1.5f, float.NaN, -0f })]
    [DataRow("f64", new[] { float.PositiveInfinity, 0.1f })]
    public void ReadSingles_all_types_gives_their_values(string name, float[] expected)
    {
        using SafetensorsFile file = OpenGolden("valid_07_all_dtypes");

        CollectionAssert.AreEqual(
            Array.ConvertAll(expected, Bits), Array.ConvertAll(file.ReadSingles(name), Bits));
    }

    [TestMethod]
    public void ReadBytes_gives_what_is_stored()
    {
        using SafetensorsFile file = OpenGolden("valid_07_all_dtypes");
        byte[] number = new byte[8];

        file.ReadBytes("u64", 0, number);

        Assert.AreEqual((1UL << 63) + 1, BinaryPrimitives.ReadUInt64LittleEndian(number));
        file.ReadBytes("f64", 8, number);
        Assert.AreEqual(0.1, BinaryPrimitives.ReadDoubleLittleEndian(number));
    }

    [TestMethod]
    public void OpenRead_gives_the_bytes_in_pieces()
    {
        using SafetensorsFile file = OpenGolden("valid_04_order_differs");
        using Stream stream = file.OpenRead("first");
        byte[] all = new byte[16], piece = new byte[7];
        file.ReadBytes("first", 0, all);

        Assert.AreEqual(16, stream.Length);
        stream.Seek(-5, SeekOrigin.End);
        Assert.AreEqual(5, stream.Read(piece));
        CollectionAssert.AreEqual(all[11..], piece[..5]);
        Assert.AreEqual(0, stream.Read(piece));
    }

    [TestMethod]
    public void CopyTo_in_pieces_equals_the_whole()
    {
        const int Count = 40_000;
        Half[] values = [.. Enumerable.Range(0, Count).Select(index => (Half)(index % 2039))];
        var writer = new SafetensorsWriter();
        writer.Add(
            "half", TensorDtype.Float16, [Count],
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        using var stream = new MemoryStream();
        writer.Write(stream);
        using SafetensorsFile file = SafetensorsFile.Read(stream.ToArray(), "x");
        float[] piece = new float[12_345];

        file.CopyTo("half", 20_001, piece);

        CollectionAssert.AreEqual(file.ReadSingles("half")[20_001..32_346], piece);
        Assert.AreEqual(20_001 % 2039, piece[0]);
    }

    [TestMethod]
    public void Read_of_wrong_type_length_or_name_is_refused()
    {
        string path = GoldenFiles.PathOf("hostile/valid_07_all_dtypes.safetensors");
        using SafetensorsFile file = SafetensorsFile.Open(path);

        Refusal.Assert<InvalidDataException>(
            $"Tensor 'i64' of '{path}' must be F16, BF16, F32 or F64. Got I64.", () => file.ReadSingles("i64"));
        Refusal.Assert<InvalidDataException>(
            $"Tensor 'u64' of '{path}' must be BOOL, U8, I8, I16, U16, I32, U32 or I64. Got U64.",
            () => file.ReadInt64s("u64"));
        Refusal.Assert<InvalidDataException>(
            $"The tensors of '{path}' must hold 'f61'. Got 13 others (did you mean 'f64' or 'f16' or 'f32'?).",
            () => file.ReadSingles("f61"));
        Refusal.Assert<ArgumentException>(
            "destination must be [3] = 3 values long. Got 2. (Parameter 'destination')",
            () => file.CopyTo("f32", new float[2]));
        Refusal.Assert<ArgumentException>(
            "start must leave 2 elements of the 3 of the tensor. Got 2. (Parameter 'start')",
            () => file.CopyTo("f32", 2, new float[2]));
        Refusal.Assert<ArgumentException>(
            "start must leave 2 bytes of the 12 of the tensor. Got -1. (Parameter 'start')",
            () => file.ReadBytes("f32", -1, new byte[2]));
    }

    [TestMethod]
    public void ReadSingles_after_dispose_is_refused()
    {
        SafetensorsFile mapped = OpenGolden("valid_01_scalar");
        SafetensorsFile held = SafetensorsFile.Read(
            File.ReadAllBytes(GoldenFiles.PathOf("hostile/valid_01_scalar.safetensors")), "x");

        mapped.Dispose();
        held.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => mapped.ReadSingles("a"));
        Assert.ThrowsExactly<ObjectDisposedException>(() => held.ReadSingles("a"));
    }

    [TestMethod]
    public void Open_files_of_the_reference_writer_gives_their_values()
    {
        using SafetensorsFile module = SafetensorsFile.Open(RealData.Path("safetensors", "module_load.safetensors"));
        using SafetensorsFile tensors = SafetensorsFile.Open(RealData.Path("safetensors", "tensors.safetensors"));

        Assert.AreEqual("'lin1.weight' F32 [2, 5]", module.Find("lin1.weight").ToString());
        CollectionAssert.AreEqual(Enumerable.Repeat(1f, 10).ToArray(), module.ReadSingles("lin1.weight"));
        CollectionAssert.AreEqual(Enumerable.Repeat(2f, 4).ToArray(), module.ReadSingles("lin2.weight"));
        CollectionAssert.AreEqual(new long[] { 1, 2, 3, 4, 5, 6 }, tensors.ReadInt64s("arr"));
        Assert.AreEqual("'arr_2d' I64 [2, 3]", tensors.Find("arr_2d").ToString());
    }

    // NaN has many forms, of which the file chose one.
    private static int Bits(float value) => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value);

    private static SafetensorsFile OpenGolden(string name)
        => SafetensorsFile.Open(GoldenFiles.PathOf($"hostile/{name}.safetensors"));
}
