// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

[TestClass]
public sealed class BackboneLoadingTests
{
    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public void RequireTorch() => TorchTests.Require();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    public void Load_missing_and_misshapen_tensors_lists_all_of_them_with_near_misses()
    {
        Copy("vit_model", tensors =>
        {
            tensors.Remove("layernorm.weight");
            (long[] Shape, float[] Values) bias = tensors["encoder.layer.1.output.dense.bias"];
            tensors.Remove("encoder.layer.1.output.dense.bias");
            tensors["encoder.layer.1.output.dense.bais"] = bias;
            tensors["embeddings.cls_token"] = ([1, 1, 31], new float[31]);
        });

        Refusal.Assert<InvalidDataException>(
            $"The tensors of '{_folder.Path}' must have the names and shapes of the model. Got 2 missing: "
            + "'encoder.layer.1.output.dense.bias' (did you mean 'encoder.layer.0.output.dense.bias' or "
            + "'encoder.layer.1.output.dense.bais' or 'encoder.layer.1.output.dense.weight'?), "
            + "'layernorm.weight' (did you mean 'layernorm.bias'?); "
            + "1 of another shape: 'embeddings.cls_token' of [1, 1, 31] where [1, 1, 32] is wanted.",
            () => Backbone.Load(_folder.Path));
    }

    [TestMethod]
    public void Load_a_weight_that_is_not_finite_is_refused()
    {
        Copy("vit_model", tensors => tensors["layernorm.bias"].Values[3] = float.NaN);

        Refusal.Assert<InvalidDataException>(
            $"Tensor 'layernorm.bias' of '{_folder.Path}' must be finite. Got NaN at 3.",
            () => Backbone.Load(_folder.Path));
    }

    [TestMethod]
    public void Load_extra_tensors_are_reported()
    {
        Copy("vit_model", tensors => tensors["decoder.weight"] = ([2], [1, 2]));

        using Backbone backbone = Backbone.Load(_folder.Path);

        CollectionAssert.AreEqual(new[] { "decoder.weight" }, backbone.UnusedTensors.ToArray());
    }

    [TestMethod]
    public void Load_positions_of_another_image_size_are_refused()
    {
        Copy("vit_model", _ => { });
        string config = _folder.File("config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"image_size\": 16", "\"image_size\": 24"));

        Refusal.Assert<InvalidDataException>(
            $"The tensors of '{_folder.Path}' must have the names and shapes of the model. Got 1 of another shape: "
            + "'embeddings.position_embeddings' of [1, 17, 32] where [1, 37, 32] is wanted.",
            () => Backbone.Load(_folder.Path));
    }

    [TestMethod]
    public void Load_a_folder_without_config_is_refused()
    {
        Copy("vit_model", _ => { });
        File.Delete(_folder.File("config.json"));

        Refusal.Assert<FileNotFoundException>(
            $"The model folder '{_folder.Path}' must have config.json. Got none.", () => Backbone.Load(_folder.Path));
    }

    [TestMethod]
    public void Load_no_folder_is_refused() => Refusal.Assert<DirectoryNotFoundException>(
        $"The model folder '{_folder.File("none")}' must exist. Got none.", () => Backbone.Load(_folder.File("none")));

    [TestMethod]
    public void Load_shards_have_the_hash_of_the_single_file()
    {
        using Backbone single = Load("vit_model"), shards = Load("vit_sharded"), half = Load("vit_float16");

        Assert.AreEqual(single.Hash, shards.Hash);
        Assert.AreNotEqual(single.Hash, half.Hash);
        Assert.AreEqual(64, single.Hash.Length);
    }

    [TestMethod]
    public void Embed_a_text_where_images_are_read_is_refused() => AssertRefused(
        "vit_model", "The backbone must be given images. Got texts. (Parameter 'batch')",
        () => BackboneBatch.Texts(zeros([1, 3], int64), null, null));

    [TestMethod]
    public void Embed_an_image_where_texts_are_read_is_refused() => AssertRefused(
        "bert", "The backbone must be given texts. Got images. (Parameter 'batch')",
        () => BackboneBatch.Images(zeros([1, 3, 16, 16])));

    [TestMethod]
    [DataRow(1, 16, 16)]
    [DataRow(3, 16, 18)]
    [DataRow(3, 0, 16)]
    public void Embed_images_of_other_channels_or_sides_are_refused(int channels, int height, int width) =>
        AssertRefused(
            "vit_model",
            "Images must be [n, 3, height, width] with sides that are multiples of the patch size 4. "
            + $"Got [2, {channels}, {height}, {width}]. (Parameter 'batch')",
            () => BackboneBatch.Images(zeros([2, channels, height, width])));

    [TestMethod]
    [DataRow(-1L)]
    [DataRow(1L << 40)]
    public void Embed_tokens_outside_the_vocabulary_are_refused(long id)
    {
        using Backbone backbone = Load("bert");
        int most = backbone.Config.VocabularySize - 1;

        AssertRefused(
            "bert", $"Token ids must be from 0 to {most}. Got {id}. (Parameter 'ids')",
            () => BackboneBatch.Texts(TensorData.From([1L, id, 2L], [1, 3]), null, null));
    }

    [TestMethod]
    public void Embed_token_types_outside_the_table_are_refused() => AssertRefused(
        "bert", "Token type ids must be from 0 to 1. Got 2. (Parameter 'ids')",
        () => BackboneBatch.Texts(zeros([1, 3], int64), TensorData.From([0L, 1, 2], [1, 3]), null));

    private static void AssertRefused(string set, string message, Func<BackboneBatch> batch)
    {
        using var scope = NewDisposeScope();
        using Backbone backbone = Load(set);

        Refusal.Assert<ArgumentException>(message, () => backbone.Trunk.Embed(batch()));
    }

    private static Backbone Load(string set) => Backbone.Load(GoldenFiles.PathOf($"backbones/{set}"));

    private void Copy(string set, Action<Dictionary<string, (long[] Shape, float[] Values)>> change)
    {
        string source = GoldenFiles.PathOf($"backbones/{set}");
        File.Copy(Path.Combine(source, "config.json"), _folder.File("config.json"));
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(source, "model.safetensors"));
        var tensors = file.Tensors.Values.ToDictionary(t => t.Name, t => (t.Shape.ToArray(), file.ReadSingles(t.Name)));
        change(tensors);
        var writer = new SafetensorsWriter();
        foreach ((string name, (long[] shape, float[] values)) in tensors) writer.Add(name, shape, values);
        writer.Save(_folder.File("model.safetensors"));
    }
}
