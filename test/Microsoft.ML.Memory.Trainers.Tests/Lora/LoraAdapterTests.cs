// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>Adapter folders in PEFT's layout: read, used, written and read again.</summary>
[TestClass]
public sealed class LoraAdapterTests
{
    private const double Reference = 1e-4; // of the golden files
    private const double Merged = 1e-5; // single precision, terms added in another order

    [TestMethod]
    [DataRow("lora_vit")]
    [DataRow("lora_vit_rslora")]
    [DataRow("lora_vit_patterns")]
    [DataRow("lora_vit_all_linear_layer1")]
    [DataRow("lora_vit_bare")]
    [DataRow("lora_vit_bias_all")]
    public void Load_golden_adapter_equals_the_reference_merged_and_not(string name)
    {
        TorchTests.Require();
        using var peft = new PeftModel(name);
        using var none = new LoraStack(peft.Backbone);
        using var stack = new LoraStack(peft.Backbone, peft.Adapter);

        peft.Check(none, "base", Reference);
        peft.Check(stack, "unmerged", Reference);
        float[] unmerged = peft.Features(stack);
        using (var merged = new MergedTerms(peft.Backbone, stack))
        {
            peft.Check(stack, "merged", Reference, merged);
            GoldenTensors.AssertClose(unmerged, peft.Features(stack, merged), Merged, "merged features");
            CheckWeights(peft, merged);
        }

        CollectionAssert.AreEqual(unmerged, peft.Features(stack));
        peft.Check(none, "base", Reference);
    }

    [TestMethod]
    [DataRow("lora_vit_patterns")]
    [DataRow("lora_vit_bias_all")]
    public void Merge_makes_a_backbone_of_its_own(string name)
    {
        TorchTests.Require();
        using var peft = new PeftModel(name);
        string hash = peft.Backbone.Hash;
        using Backbone again = Backbone.Load(peft.Backbone.Source);

        using Backbone merged = peft.Adapter.Merge();

        peft.Adapter.Dispose();
        using var none = new LoraStack(merged);
        peft.Check(none, "merged", Reference);
        Assert.AreNotEqual(hash, merged.Hash);
        foreach ((string key, Tensor tensor) in peft.Backbone.Tensors)
            CollectionAssert.AreEqual(TensorData.ToArray(again.Tensors[key]), TensorData.ToArray(tensor), key);
    }

    [TestMethod]
    [DataRow("lora_vit")]
    [DataRow("lora_vit_patterns")]
    [DataRow("lora_vit_all_linear_layer1")]
    [DataRow("lora_vit_bare")]
    [DataRow("lora_vit_bias_all")]
    public void Save_loaded_adapter_writes_the_tensors_it_was_read_from(string name)
    {
        TorchTests.Require();
        using var peft = new PeftModel(name);
        using var folder = new TemporaryFolder();

        peft.Adapter.Save(folder.Path);

        using SafetensorsFile original = SafetensorsFile.Open(Path.Combine(peft.Folder, "adapter_model.safetensors"));
        using SafetensorsFile saved = SafetensorsFile.Open(folder.File("adapter_model.safetensors"));
        CollectionAssert.AreEquivalent(original.Tensors.Keys.ToArray(), saved.Tensors.Keys.ToArray());
        foreach (string key in original.Tensors.Keys)
            CollectionAssert.AreEqual(original.ReadSingles(key), saved.ReadSingles(key), key);
        Assert.AreEqual("pt", saved.Metadata["format"]);
        using LoraAdapter again = LoraAdapter.Load(folder.Path, peft.Backbone);
        CollectionAssert.AreEqual(peft.Features(peft.Adapter), peft.Features(again));
    }

    [TestMethod]
    public void Save_puts_new_files_into_the_place_of_old_ones()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using var folder = new TemporaryFolder();
        string shared = folder.File("shared.json"), saved = folder.File("saved");
        File.WriteAllText(shared, "{}");
        Directory.CreateDirectory(saved);
        try
        {
            File.CreateSymbolicLink(Path.Combine(saved, "adapter_config.json"), shared);
        }
        catch (IOException)
        {
            Assert.Inconclusive("This system does not let the test make a symbolic link.");
        }

        peft.Adapter.Save(saved);

        Assert.AreEqual("{}", File.ReadAllText(shared));
        using LoraAdapter again = LoraAdapter.Load(saved, peft.Backbone);
        CollectionAssert.AreEqual(peft.Features(peft.Adapter), peft.Features(again));
    }

    [TestMethod]
    public void Save_makes_a_folder_at_once()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using var folder = new TemporaryFolder();

        peft.Adapter.Save(Path.Combine(folder.Path, "new", "adapter"));

        string[] entries = [.. Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder.Path, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(
            new[] { "new", "new/adapter", "new/adapter/adapter_config.json", "new/adapter/adapter_model.safetensors" },
            entries);
    }

    [TestMethod]
    public void Load_adapter_of_the_other_kind_of_model_finds_layers_by_their_last_segments()
    {
        TorchTests.Require();
        using var bare = new PeftModel("lora_vit_bare", "backbones/vit_model");
        using var whole = new PeftModel("lora_vit", "backbones/vit_model");

        using LoraAdapter onWhole = LoraAdapter.Load(bare.Folder, whole.Backbone);

        CollectionAssert.AreEquivalent(bare.Adapter.AdaptedLayers.ToArray(), onWhole.AdaptedLayers.ToArray());
        Assert.AreEqual("", onWhole.Prefix);
        Assert.AreEqual("vit.", whole.Adapter.Prefix);
        using var stack = new LoraStack(whole.Backbone, whole.Adapter);
        whole.Check(stack, "unmerged", Reference);
    }

    [TestMethod]
    [DataRow("methods/backbone", LoraBiasKind.None)]
    [DataRow("methods/backbone", LoraBiasKind.All)]
    [DataRow("methods/backbone", LoraBiasKind.LoraOnly)]
    [DataRow("backbones/bert", LoraBiasKind.All)]
    public void Save_trained_model_loads_with_the_same_logits(string set, LoraBiasKind bias)
    {
        TorchTests.Require();
        var options = new LoraOptions
        {
            Rank = 2,
            Bias = bias,
            TargetModules = ["all-linear"],
            RankPattern = [KeyValuePair.Create("query", 3)],
            AlphaPattern = [KeyValuePair.Create("1.*value", 5.0)],
            ModulesToSave = set == "backbones/bert" ? [] : ["layernorm"],
            Dropout = 0.25,
        };
        using var tiny = new TinyModel(options, set);
        tiny.Train(3, check: new GradientCheck(tiny.Model));
        using var folder = new TemporaryFolder();

        LoraAdapter.Save(folder.Path, tiny.Model);

        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        using LoraAdapter adapter = LoraAdapter.Load(folder.Path, tiny.Backbone);
        using var model = new TunedModel(tiny.Backbone, new LoraStack(tiny.Backbone, adapter));
        float[] loaded = TensorData.ToArray(model.Logits(tiny.Batch, ForwardPass.Plain));
        CollectionAssert.AreEqual(tiny.Logits(), loaded);
        Assert.AreEqual(tiny.Model.TrainedCount, adapter.ParameterCount);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("adapter_model.safetensors"));
        Assert.AreEqual(tiny.Model.TrainedCount, file.Tensors.Values.Sum(t => t.ElementCount), "only those are stored");
        Assert.AreEqual(0.25, adapter.Config.Dropout);
        model.Merge();
        float[] merged = TensorData.ToArray(model.Logits(tiny.Batch, ForwardPass.Plain));
        GoldenTensors.AssertClose(loaded, merged, Merged, "merged logits");
    }

    [TestMethod]
    public void Load_tensors_that_do_not_fit_names_all_of_them()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using var folder = new TemporaryFolder();
        const string value = "base_model.model.vit.encoder.layer.1.attention.attention.value";
        const string query = "base_model.model.vit.encoder.layer.0.attention.attention.query";
        Rewrite(peft, folder, (name, shape) => name switch
        {
            value + ".lora_A.weight" => (value + ".lora_a.weight", shape),
            query + ".lora_A.weight" => (name, [1, 64]),
            _ => (name, shape),
        });

        Refusal.Assert<InvalidDataException>(
            $"The tensors of '{folder.File("adapter_model.safetensors")}' must be those that the adapter's config asks "
            + $"of the backbone. Got 1 missing: '{value}.lora_A.weight' (did you mean '{value}.lora_a.weight'?); "
            + $"1 unexpected: '{value}.lora_a.weight'; "
            + $"1 of another shape: '{query}.lora_A.weight' of [1, 64] where [2, 32] is wanted.",
            () => LoraAdapter.Load(folder.Path, peft.Backbone));
    }

    [TestMethod]
    public void Load_a_folder_without_an_adapter_is_refused()
    {
        TorchTests.Require();
        using var folder = new TemporaryFolder();
        using var peft = new PeftModel("lora_vit");
        string none = folder.File("none");

        Refusal.Assert<DirectoryNotFoundException>(
            $"The adapter folder '{none}' must exist. Got none.", () => LoraAdapter.Load(none, peft.Backbone));
        Refusal.Assert<FileNotFoundException>(
            $"The adapter folder '{folder.Path}' must have adapter_config.json. Got none. "
            + "Convert weights of another format to safetensors first.",
            () => LoraAdapter.Load(folder.Path, peft.Backbone));
        File.WriteAllText(folder.File("adapter_config.json"), "{}");
        Refusal.Assert<FileNotFoundException>(
            $"The adapter folder '{folder.Path}' must have adapter_model.safetensors. Got none. "
            + "Convert weights of another format to safetensors first.",
            () => LoraAdapter.Load(folder.Path, peft.Backbone));
    }

    [TestMethod]
    public void Load_value_that_is_not_finite_is_refused()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using var folder = new TemporaryFolder();
        Rewrite(peft, folder, (name, shape) => (name, shape), "base_model.model.classifier.bias");

        Refusal.Assert<InvalidDataException>(
            "Tensor 'base_model.model.classifier.bias' of "
            + $"'{folder.File("adapter_model.safetensors")}' must be finite. Got NaN at 0.",
            () => LoraAdapter.Load(folder.Path, peft.Backbone));
    }

    private static void Rewrite(
        PeftModel peft, TemporaryFolder folder, Func<string, long[], (string Name, long[] Shape)> change,
        string? spoilt = null)
    {
        using SafetensorsFile original = SafetensorsFile.Open(Path.Combine(peft.Folder, "adapter_model.safetensors"));
        var writer = new SafetensorsWriter();
        foreach ((string key, TensorEntry entry) in original.Tensors)
        {
            (string name, long[] shape) = change(key, entry.Shape.ToArray());
            float[] values = original.ReadSingles(key);
            if (key == spoilt) values[0] = float.NaN;
            writer.Add(name, shape, values);
        }

        writer.Save(folder.File("adapter_model.safetensors"));
        File.Copy(Path.Combine(peft.Folder, "adapter_config.json"), folder.File("adapter_config.json"));
    }

    private static void CheckWeights(PeftModel peft, MergedTerms merged)
    {
        const string start = "merged_weight.";
        foreach (string name in peft.Expected.Names.Where(n => n.StartsWith(start, StringComparison.Ordinal)))
        {
            string layer = name[start.Length..^".weight".Length];
            LinearLayer found = LoraLayers.OfBlocks(merged.Trunk)
                .Single(l => layer == l.Name || layer.EndsWith("." + l.Name, StringComparison.Ordinal));
            peft.Expected.AssertEqual(name, found.Weight, Reference);
        }
    }
}
