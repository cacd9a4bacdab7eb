// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class HostileFileTests
{
    private const string Dtypes = "BOOL, U8, I8, I16, U16, I32, U32, I64, U64, F16, BF16, F32, F64";

    [TestMethod]
    [DataRow("01_header_longer_than_file",
        "The header of * must end within the file, 80 bytes later. Got 100000 bytes.")]
    [DataRow("02_negative_offset",
        "Tensor 'a' of * must have a data_offsets of whole numbers from 0 to 2^63 - 1. Got -16.")]
    [DataRow("03_overlapping_offsets",
        "Tensor 'b' of * must start at offset 16, where the tensor before it ends. Got 8, which overlaps it.")]
    [DataRow("04_dtype_size_mismatch",
        "Tensor 'a' of * must span 32 bytes, as F64 [2, 2] does. Got 16 in its data_offsets.")]
    [DataRow("05_duplicate_key", "The header of * must have every key once. Got 'a' twice.")]
    [DataRow("06_non_utf8_header", "The header of * must be UTF-8. Got other bytes.")]
    [DataRow("07_trailing_bytes",
        "The data of * must end where the last tensor ends, at offset 16. Got 8 more bytes.")]
    [DataRow("08_zero_length", "The content of * must start with 8 bytes of header length. Got 0 bytes.")]
    [DataRow("09_header_claims_2_pow_63",
        "The header of * must be at most 100000000 bytes long. Got 9223372036854775808.")]
    [DataRow("10_data_shorter_than_shapes",
        "Tensor 'b' of * must end within the 20 bytes of data. Got offset 32.")]
    [DataRow("11_shape_overflow",
        "Tensor 'a' of * must have fewer than 2^63 bytes. Got F32 [4294967296, 4294967296, 4].")]
    [DataRow("12_unknown_dtype", $"Tensor 'a' of * must have a dtype of {Dtypes}. Got 'Q4_0'.")]
    [DataRow("13_nested_json_bomb", "Tensor 'a' of * must be an object. Got an array.")]
    [DataRow("14_gap_between_tensors",
        "Tensor 'b' of * must start at offset 16, where the tensor before it ends. Got 24, which leaves a gap.")]
    [DataRow("15_reversed_offsets",
        "Tensor 'a' of * must have data_offsets of a begin and an end not before it. Got [16, 0].")]
    [DataRow("16_not_json", "The header of * must be a JSON object. Got another first character.")]
    [DataRow("17_truncated_json",
        "Tensor 'a' of * must be valid JSON. Got something else at byte 51 of the header.")]
    [DataRow("18_negative_dimension",
        "Tensor 'a' of * must have a shape of whole numbers from 0 to 2^63 - 1. Got -2.")]
    [DataRow("19_fractional_dimension",
        "Tensor 'a' of * must have a shape of whole numbers from 0 to 2^63 - 1. Got 2.5.")]
    [DataRow("20_missing_field", "Tensor 'a' of * must have a shape. Got none.")]
    [DataRow("21_seven_bytes", "The content of * must start with 8 bytes of header length. Got 7 bytes.")]
    [DataRow("22_three_offsets", "Tensor 'a' of * must have a data_offsets of at most 2 numbers. Got more.")]
    [DataRow("23_offset_beyond_2_pow_63",
        "Tensor 'a' of * must have a data_offsets of whole numbers from 0 to 2^63 - 1. Got 18446744073709551600.")]
    [DataRow("24_metadata_not_strings",
        "__metadata__ of * must be an object of strings. Got 1 at 'format'.")]
    [DataRow("25_top_level_array", "The header of * must be a JSON object. Got another first character.")]
    [DataRow("26_header_length_zero", "The header of * must be a JSON object. Got no bytes.")]
    public void Open_malformed_file_names_the_problem(string name, string message)
    {
        string path = GoldenFiles.PathOf($"hostile/{name}.safetensors");

        Refusal.Assert<InvalidDataException>(message.Replace("*", $"'{path}'"), () => SafetensorsFile.Open(path));
    }

    [TestMethod]
    public void Read_malformed_bytes_and_streams_gives_the_same_errors()
    {
        string[] paths = Directory.GetFiles(GoldenFiles.PathOf("hostile"), "??_*.safetensors");
        Assert.HasCount(26, paths);

        foreach (string path in paths)
        {
            byte[] bytes = File.ReadAllBytes(path);
            string expected = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsFile.Open(path)).Message;

            Refusal.Assert<InvalidDataException>(expected, () => SafetensorsFile.Read(bytes, path));
            Refusal.Assert<InvalidDataException>(
                expected, () => SafetensorsFile.Read(new MemoryStream(bytes), bytes.Length, path));
        }
    }

    [TestMethod]
    [DataRow("""{"__metadata__":{"a":"1","a":"2"}}""", "__metadata__ of 'x' must have every key once. Got 'a' twice.")]
    [DataRow("""{"__metadata__":{},"__metadata__":{}}""",
        "The header of 'x' must have every key once. Got '__metadata__' twice.")]
    [DataRow("""{"\ud800":{}}""", "The header of 'x' must hold whole characters. Got half of one.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"scale":2}}""",
        "Tensor 'a' of 'x' must have the fields dtype, shape and data_offsets only. Got 'scale'.")]
    [DataRow("""{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}""",
        "Tensor 'a' of 'x' must have every field once. Got 'dtype' twice.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""",
        "Tensor 'a' of 'x' must have fewer than 2^63 bytes. Got F32 [0, 4611686018427387904, 4].")]
    [DataRow("""{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""",
        "Tensor 'a' of 'x' must lie within 2^63 bytes. Got data_offsets [0, 9223372036854775807].")]
    [DataRow("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""",
        "Tensor 'a' of 'x' must have a shape of whole numbers from 0 to 2^63 - 1. Got a string.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}""",
        "Tensor 'a' of 'x' must have a shape of whole numbers from 0 to 2^63 - 1. Got 1e0.")]
    [DataRow("{} trailing", "The header of 'x' must be valid JSON. Got something else at byte 3 of the header.")]
    [DataRow("{}{}", "The header of 'x' must be valid JSON. Got something else at byte 2 of the header.")]
    [DataRow(" {}", "The header of 'x' must be a JSON object. Got another first character.")]
    public void Read_malformed_header_names_the_problem(string json, string message)
        => Refusal.Assert<InvalidDataException>(message, () => SafetensorsFile.Read(HeaderOnly(json), "x"));

    [TestMethod]
    public void Read_tensor_of_too_many_dimensions_is_refused()
    {
        string ones = string.Join(',', Enumerable.Repeat(1, 65));
        const string Json = """{"a":{"dtype":"F32","shape":[*],"data_offsets":[0,4]}}""";
        byte[] bytes = HeaderOnly(Json.Replace("*", ones));

        Refusal.Assert<InvalidDataException>(
            "Tensor 'a' of 'x' must have a shape of at most 64 numbers. Got more.",
            () => SafetensorsFile.Read(bytes, "x"));
    }

    [TestMethod]
    public void Read_long_name_with_control_characters_is_shown_short_and_plain()
    {
        byte[] bytes = HeaderOnly($$"""{"a\n\u202e{{new string('b', 300)}}":1}""");

        Refusal.Assert<InvalidDataException>(
            $"Tensor 'a??{new string('b', 117)}...' of 'x' must be an object. Got 1.",
            () => SafetensorsFile.Read(bytes, "x"));
    }

    [TestMethod]
    public void Read_name_of_more_than_4096_bytes_is_refused()
    {
        byte[] bytes = HeaderOnly($$"""{"{{new string('b', 4097)}}":1}""");

        Refusal.Assert<InvalidDataException>(
            "The header of 'x' must have names of at most 4096 bytes. Got 4097.",
            () => SafetensorsFile.Read(bytes, "x"));
    }

    [TestMethod]
    public void Read_file_of_more_than_262144_tensors_is_refused()
    {
        const string Empty = """{"dtype":"U8","shape":[0],"data_offsets":[0,0]}""";
        string tensors = string.Join(',', Enumerable.Range(0, (1 << 18) + 1).Select(index => $"\"{index}\":{Empty}"));

        Refusal.Assert<InvalidDataException>(
            "The header of 'x' must have at most 262144 tensors. Got more.",
            () => SafetensorsFile.Read(HeaderOnly($"{{{tensors}}}"), "x"));
    }

    [TestMethod]
    public void Read_stream_that_ends_early_takes_no_memory_for_what_is_missing()
    {
        const long Claimed = 1L << 50;
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refusal.Assert<InvalidDataException>(
            $"The content of 'x' must be {Claimed} bytes long. Got 10.",
            () => SafetensorsFile.Read(new MemoryStream(new byte[10]), Claimed, "x"));

        Assert.IsLessThan(1L << 23, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_stream_stops_at_the_length()
    {
        using var stream = new MemoryStream([.. HeaderOnly("{}"), 1, 2, 3]);

        using SafetensorsFile file = SafetensorsFile.Read(stream, stream.Length - 3, "x");

        Assert.IsEmpty(file.Tensors);
        Assert.AreEqual(1, stream.ReadByte());
    }

    [TestMethod]
    public void Open_missing_file_is_not_found()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<FileNotFoundException>(() => SafetensorsFile.Open(folder.File("none.safetensors")));
    }

    internal static byte[] HeaderOnly(string json)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(json);
        return [.. BitConverter.GetBytes((ulong)text.Length), .. text];
    }
}
