// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Finds what a LoRA config chooses in a backbone.</summary>
internal static class LoraLayers
{
    /// <summary>Names under which models hold the head that classifies.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["classifier", "score"];

    /// <summary>The linear layers of the blocks.</summary>
    public static IEnumerable<LinearLayer> OfBlocks(Trunk trunk) => trunk.Blocks.SelectMany(b => b.Linears);

    /// <summary>The linear layer that makes the feature of the class token, or null.</summary>
    public static LinearLayer? OfFeature(Trunk trunk) => trunk.Pooling switch
    {
        BackbonePooling.Pooler => trunk.Pooler,
        BackbonePooling.Projection => trunk.Projection,
        _ => null,
    };

    /// <summary>The linear layers that another model of the same backbone may lack.</summary>
    public static IEnumerable<LinearLayer> Optional(Trunk trunk) =>
        new[] { trunk.Pooler, trunk.Projection }.OfType<LinearLayer>();

    /// <summary>Whether a bias of an adapted module, or of another, is trained and stored.</summary>
    public static bool TrainsBias(LoraAdapterConfig config, bool isAdapted) =>
        config.Bias == LoraBiasKind.All || (config.Bias == LoraBiasKind.LoraOnly && isAdapted);

    /// <summary>The name of the module that a tensor belongs to.</summary>
    public static string ModuleOf(string tensor) => tensor[..Math.Max(0, tensor.LastIndexOf('.'))];
}
