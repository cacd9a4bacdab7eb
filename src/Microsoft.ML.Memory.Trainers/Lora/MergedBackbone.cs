// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Makes a backbone of its own of one and what was learnt for it.</summary>
internal static class MergedBackbone
{
    /// <param name="backbone">The backbone, which stays as it is.</param>
    /// <param name="replaced">Tensors to take in place of its own, by name.</param>
    /// <param name="terms">Terms to add to its weights, by the name of their layer.</param>
    /// <param name="head">A head to take in place of its own, or null.</param>
    /// <param name="source">What messages call the result.</param>
    public static Backbone Make(
        Backbone backbone,
        IReadOnlyDictionary<string, Tensor> replaced,
        IReadOnlyDictionary<string, LowRankTerm[]> terms,
        LinearLayer? head,
        string source)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach ((string name, Tensor original) in backbone.Tensors)
        {
            Tensor tensor = replaced.GetValueOrDefault(name) ?? original;
            LowRankTerm[]? own = TrunkTensors.IsBias(name) ? null : terms.GetValueOrDefault(LoraLayers.ModuleOf(name));
            if (own is null) tensor = tensor.clone();
            foreach (LowRankTerm term in own ?? []) tensor = tensor.add(term.Delta());
            tensors.Add(name, tensor.detach());
        }

        return new Backbone(backbone.Config, backbone.Options, tensors, source)
        {
            Head = (head ?? backbone.Head)?.Copy("classifier", backbone.Device),
        };
    }
}
