// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>A golden adapter folder with the backbone it was made for.</summary>
internal sealed class PeftModel : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable _frozen = no_grad();

    public PeftModel(string name, string? backbone = null)
    {
        bool bare = name == "lora_vit_bare";
        Folder = GoldenFiles.PathOf($"peft/{name}");
        var options = new BackboneOptions { Pooling = bare ? BackbonePooling.Pooler : BackbonePooling.Default };
        string set = backbone ?? (bare ? "backbones/vit_model" : "backbones/vit_classifier");
        Backbone = Backbone.Load(GoldenFiles.PathOf(set), options);
        Expected = GoldenTensors.Open($"peft/{name}/expected.safetensors");
        using GoldenTensors input = GoldenTensors.Open("peft/input.safetensors");
        Batch = BackboneBatch.Images(input.Tensor("pixel_values"));
        Adapter = LoraAdapter.Load(Folder, Backbone);
    }

    public string Folder { get; }

    public Backbone Backbone { get; }

    public LoraAdapter Adapter { get; }

    public GoldenTensors Expected { get; }

    public BackboneBatch Batch { get; }

    /// <summary>Compares what a stack computes with the reference's tensors that start with a word.</summary>
    public void Check(LoraStack stack, string word, double tolerance, MergedTerms? merged = null)
    {
        Expected.AssertEqual(word + ".final_norm", FinalNorm(stack, merged), tolerance);
        Tensor feature = Feature(stack, merged);
        if (Expected.Names.Contains(word + ".pooled"))
            Expected.AssertEqual(word + ".pooled", feature, tolerance);
        else
            Expected.AssertEqual(word + ".logits", stack.Head.Apply(feature), tolerance);
    }

    public float[] Features(params IReadOnlyList<LoraAdapter> adapters)
    {
        using var stack = new LoraStack(Backbone, adapters);
        return Features(stack);
    }

    public float[] Features(LoraStack stack, MergedTerms? merged = null) =>
        TensorData.ToArray(Feature(stack, merged));

    public LoraAdapter Load(string name) => LoraAdapter.Load(GoldenFiles.PathOf($"peft/{name}"), Backbone);

    public void Dispose()
    {
        Adapter.Dispose();
        Backbone.Dispose();
        Expected.Dispose();
        _frozen.Dispose();
        _scope.Dispose();
    }

    private Tensor Feature(LoraStack stack, MergedTerms? merged) =>
        (merged as TrunkTuning ?? stack).Feature(TrunkOf(stack, merged), Batch, ForwardPass.Plain);

    private Tensor FinalNorm(LoraStack stack, MergedTerms? merged)
    {
        TrunkTuning tuning = merged as TrunkTuning ?? stack;
        Trunk trunk = TrunkOf(stack, merged);
        Tensor x = tuning.Begin(trunk, Batch, ForwardPass.Plain);
        foreach (TrunkBlock block in trunk.Blocks) x = tuning.Step(block, x, null, ForwardPass.Plain);
        return trunk.Normalize(x);
    }

    private static Trunk TrunkOf(LoraStack stack, MergedTerms? merged) =>
        merged?.Trunk ?? stack.Backbone.With(stack.Replaced);
}
