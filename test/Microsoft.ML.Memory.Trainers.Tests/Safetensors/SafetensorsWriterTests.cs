// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class SafetensorsWriterTests
{
    [TestMethod]
    public void Write_orders_by_width_then_name_and_pads_the_header()
    {
        var writer = new SafetensorsWriter();
        writer.Metadata["format"] = "pt";
        writer.Add("b", [], new[] { 2f });
        writer.Add("byte", TensorDtype.UInt8, [1], new byte[] { 9 });
        writer.Add("a", [1, 1], new[] { 1f });
        writer.Add("wide", TensorDtype.Int64, [1], new byte[8]);

        byte[] bytes = Write(writer);

        string header = """
            {"__metadata__":{"format":"pt"},"wide":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
            "a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]},
            "b":{"dtype":"F32","shape":[],"data_offsets":[12,16]},
            "byte":{"dtype":"U8","shape":[1],"data_offsets":[16,17]}}
            """.Replace("\n", "");
        int length = (int)BitConverter.ToUInt64(bytes);
        Assert.AreEqual(0, length % 8);
        Assert.AreEqual(header.PadRight(length), Encoding.UTF8.GetString(bytes, 8, length));
        CollectionAssert.AreEqual(
            new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 9 }, bytes[(8 + length)..]);
    }

    [TestMethod]
    public void Write_other_order_of_adding_gives_the_same_bytes()
    {
        var one = new SafetensorsWriter();
        one.Add("a", [1], new[] { 1f });
        one.Add("b", [1], new[] { 2f });
        var other = new SafetensorsWriter();
        other.Add("b", [1], new[] { 2f });
        other.Add("a", [1], new[] { 1f });

        CollectionAssert.AreEqual(Write(one), Write(other));
    }

    [TestMethod]
    public void Write_unicode_and_quotes_come_back()
    {
        var writer = new SafetensorsWriter();
        writer.Metadata["\u00e9 \"x\""] = "line\nbreak \\ \ud83d\ude00";
        writer.Add("\u4e2d.\ud83d\ude00\"", [1], new[] { 1f });

        using SafetensorsFile file = SafetensorsFile.Read(Write(writer), "x");

        Assert.AreEqual("line\nbreak \\ \ud83d\ude00", file.Metadata["\u00e9 \"x\""]);
        CollectionAssert.AreEqual(new[] { "\u4e2d.\ud83d\ude00\"" }, file.Tensors.Keys.ToArray());
    }

    [TestMethod]
    public void Read_of_what_was_written_gives_every_bit_back()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20_261_121, 7);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), ComesBack));
    }

    [TestMethod]
    public void Save_replaces_a_file_and_leaves_no_other()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        File.WriteAllText(path, "old");
        var writer = new SafetensorsWriter();
        writer.Add("a", [1], new[] { 1f });

        writer.Save(path);

        CollectionAssert.AreEqual(Write(writer), File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Save_that_fails_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        File.WriteAllText(path, "old");
        var writer = new SafetensorsWriter();
        writer.Add("a", TensorDtype.Float32, [2], to => to.Write(new byte[4]));

        Refusal.Assert<InvalidOperationException>(
            "The writer of tensor 'a' F32 [2] must write 8 bytes. Got 4.", () => writer.Save(path));

        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Write_tensor_that_gives_too_much_is_refused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", TensorDtype.Float32, [2], to => to.Write(new byte[9]));

        Refusal.Assert<InvalidOperationException>(
            "The writer of tensor 'a' F32 [2] must write 8 bytes. Got more.", () => Write(writer));
    }

    [TestMethod]
    public void Add_wrong_name_shape_or_length_is_refused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", [1], new[] { 1f });

        foreach (string name in new[] { "a", "__metadata__", "x\ud800" })
        {
            string shown = name.Replace('\ud800', '?');
            Refusal.Assert<ArgumentException>(
                $"name must be of whole characters, new and not __metadata__. Got '{shown}'. (Parameter 'name')",
                () => writer.Add(name, [1], new[] { 1f }));
        }

        Refusal.Assert<ArgumentException>(
            "The values of 'b' must be F32 [2, 2] = 16 bytes long. Got 12. (Parameter 'shape')",
            () => writer.Add("b", [2, 2], new float[3]));
        Refusal.Assert<ArgumentException>(
            "shape must have lengths of at least 0 and fewer than 2^63 bytes. Got [-1, -1]. (Parameter 'shape')",
            () => writer.Add("b", [-1, -1], new float[1]));
        Refusal.Assert<ArgumentException>(
            "dtype must be one of TensorDtype. Got 99. (Parameter 'dtype')",
            () => writer.Add("b", (TensorDtype)99, [1], new byte[1]));
    }

    private static bool ComesBack(int seed)
    {
        var random = new Random(seed);
        var writer = new SafetensorsWriter();
        var expected = new Dictionary<string, (TensorDtype Dtype, long[] Shape, byte[] Bytes)>();
        for (int left = random.Next(6); left > 0; left--)
        {
            var dtype = (TensorDtype)random.Next(13);
            long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(4))];
            byte[] bytes = new byte[ShapeText.ByteCount(shape, DtypeText.SizeOf(dtype))!.Value];
            random.NextBytes(bytes);
            string name = $"{(char)random.Next(32, 0x2000)}{left}";
            expected.Add(name, (dtype, shape, bytes));
            writer.Add(name, dtype, shape, bytes);
        }

        using SafetensorsFile file = SafetensorsFile.Read(Write(writer), "x");
        return file.Tensors.Count == expected.Count && file.Tensors.Values.All(entry =>
        {
            byte[] bytes = new byte[entry.ByteLength];
            file.ReadBytes(entry.Name, 0, bytes);
            (TensorDtype dtype, long[] shape, byte[] written) = expected[entry.Name];
            return entry.Dtype == dtype && entry.Shape.SequenceEqual(shape) && bytes.SequenceEqual(written);
        });
    }

    private static byte[] Write(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }
}
