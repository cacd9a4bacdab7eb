// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class SafetensorsFolderTests
{
    private const string IndexName = "model.safetensors.index.json";

    [TestMethod]
    [DataRow("index_01_path_escape",
        "weight_map at 'a' of '#' must be a plain name of a .safetensors file. Got '../valid_01_scalar.safetensors'.")]
    [DataRow("index_02_missing_shard",
        "The folder of '*' must have the file 'model-00002-of-00002.safetensors'. Got none.")]
    [DataRow("index_03_tensor_not_in_shard",
        "Tensor 'b' of '#' must lie in 'model-00002-of-00002.safetensors'. Got it in no file.")]
    [DataRow("index_04_tensor_in_both_shards",
        "Tensor 'b' of '*' must lie in one file. "
        + "Got 'model-00001-of-00002.safetensors' and 'model-00002-of-00002.safetensors'.")]
    public void Open_malformed_folder_names_the_problem(string name, string message)
    {
        string path = GoldenFiles.PathOf($"hostile/{name}");
        string expected = message.Replace("*", path).Replace("#", Path.Combine(path, IndexName));

        Refusal.Assert<InvalidDataException>(expected, () => SafetensorsFolder.Open(path));
    }

    [TestMethod]
    [DataRow("/model.safetensors")]
    [DataRow("..\\\\model.safetensors")]
    [DataRow("C:model.safetensors")]
    [DataRow("..safetensors")]
    [DataRow(".safetensors")]
    [DataRow("a\\u0000.safetensors")]
    [DataRow("model.bin")]
    public void Open_index_with_other_than_plain_names_is_refused(string file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(IndexName), """{"weight_map":{"a":"FILE"}}""".Replace("FILE", file));

        string message = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsFolder.Open(folder.Path)).Message;

        Assert.Contains("must be a plain name of a .safetensors file", message);
    }

    [TestMethod]
    [DataRow("[]", "The content of '#' must be a JSON object. Got an array.")]
    [DataRow("{}", "weight_map of '#' must be an object of file names. Got none.")]
    [DataRow("""{"weight_map":{}}""", "weight_map of '#' must name at least one tensor. Got none.")]
    [DataRow("""{"weight_map":[1]}""", "weight_map of '#' must be an object. Got an array.")]
    [DataRow("""{"weight_map":{"a":1}}""", "weight_map at 'a' of '#' must be a file name. Got 1.")]
    [DataRow("""{"weight_map":{"a":"a.safetensors","a":"b.safetensors"}}""",
        "The content of '#' must be JSON of at most 32 levels with every key once. Got a key twice.")]
    [DataRow("""{"weight_map":{"\ud800":"a.safetensors"}}""",
        "The content of '#' must hold whole characters. Got half of one.")]
    [DataRow("""{"weight_map":{"a":"\ud800.safetensors"}}""",
        "The content of '#' must hold whole characters. Got half of one.")]
    [DataRow("nonsense",
        "The content of '#' must be JSON of at most 32 levels with every key once. "
        + "Got something else in line 1 at byte 1.")]
    public void Open_malformed_index_names_the_problem(string json, string message)
    {
        using var folder = new TemporaryFolder();
        string index = folder.File(IndexName);
        File.WriteAllText(index, json);

        Refusal.Assert<InvalidDataException>(
            message.Replace("#", index), () => SafetensorsFolder.Open(folder.Path));
    }

    [TestMethod]
    public void Open_deeply_nested_index_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(IndexName), $$"""{"a":{{new string('[', 100_000)}}""");

        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsFolder.Open(folder.Path));
    }

    [TestMethod]
    public void Open_index_of_more_than_32_mebibytes_is_refused_unread()
    {
        using var folder = new TemporaryFolder();
        string index = folder.File(IndexName);
        using (FileStream file = File.Create(index)) file.SetLength((1 << 25) + 1);

        Refusal.Assert<InvalidDataException>(
            $"The content of '{index}' must be at most 33554432 bytes long. Got 33554433.",
            () => SafetensorsFolder.Open(folder.Path));
    }

    [TestMethod]
    public void Open_two_shards_reads_the_tensors_of_both()
    {
        using var folder = new TemporaryFolder();
        Save(folder.File("one.safetensors"), "a", 1);
        Save(folder.File("two.safetensors"), "b", 2);
        File.WriteAllText(
            folder.File(IndexName),
            """{"metadata":{"total_size":8},"weight_map":{"b":"two.safetensors","a":"one.safetensors"}}""");

        using SafetensorsFolder tensors = SafetensorsFolder.Open(folder.Path);

        CollectionAssert.AreEqual(new[] { "a", "b" }, tensors.Tensors.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { 1f }, tensors.ReadSingles("a"));
        CollectionAssert.AreEqual(new[] { 2f }, tensors.ReadSingles("b"));
        Refusal.Assert<InvalidDataException>(
            $"The tensors of '{folder.Path}' must hold 'c'. Got 2 others (did you mean 'a' or 'b'?).",
            () => tensors.ReadSingles("c"));
    }

    [TestMethod]
    public void Open_shard_with_more_than_the_index_lists_is_refused()
    {
        using var folder = new TemporaryFolder();
        Save(folder.File("one.safetensors"), "a", 1);
        Save(folder.File("two.safetensors"), "b", 2, "extra");
        string index = folder.File(IndexName);
        File.WriteAllText(index, """{"weight_map":{"b":"two.safetensors","a":"one.safetensors"}}""");

        Refusal.Assert<InvalidDataException>(
            $"The weight_map of '{index}' must name every tensor of its files. Got none for 'extra' of "
            + "'two.safetensors'.",
            () => SafetensorsFolder.Open(folder.Path));
    }

    [TestMethod]
    public void Open_single_file_needs_no_index()
    {
        using var folder = new TemporaryFolder();
        Save(folder.File("adapter_model.safetensors"), "a", 3);

        using SafetensorsFolder tensors = SafetensorsFolder.Open(folder.Path, "adapter_model");

        CollectionAssert.AreEqual(new[] { 3f }, tensors.ReadSingles("a"));
    }

    [TestMethod]
    public void Open_folder_without_weights_says_what_it_looks_for()
    {
        using var folder = new TemporaryFolder();

        string message = Assert.ThrowsExactly<FileNotFoundException>(() => SafetensorsFolder.Open(folder.Path)).Message;

        Assert.AreEqual(
            $"The model folder '{folder.Path}' must have model.safetensors or {IndexName}. Got neither. "
            + "Convert weights of another format to safetensors first.", message);
        Refusal.Assert<DirectoryNotFoundException>(
            $"The model folder '{folder.File("none")}' must exist. Got none.",
            () => SafetensorsFolder.Open(folder.File("none")));
    }

    private static void Save(string path, string name, float value, params string[] more)
    {
        var writer = new SafetensorsWriter();
        foreach (string each in more.Prepend(name)) writer.Add(each, [], new[] { value });
        writer.Save(path);
    }
}
