// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Adds low-rank terms to linear layers of the trunk, the one that makes its feature included.</summary>
internal abstract class LowRankTuning : TrunkTuning
{
    /// <summary>The terms by the name of their layer; most layers have none.</summary>
    public abstract IReadOnlyDictionary<string, LowRankTerm[]> Terms { get; }

    public override Tensor Apply(LinearLayer layer, Tensor x, ForwardPass pass)
    {
        if (Terms.GetValueOrDefault(layer.Name) is not { } terms) return layer.Apply(x);
        using var scope = NewDisposeScope();
        Tensor y = layer.Apply(x), input = Dropped(x, pass);
        foreach (LowRankTerm term in terms) y = y.add(term.Apply(input));
        return y.MoveToOuterDisposeScope();
    }

    public override Tensor End(Trunk trunk, Tensor x, BackboneBatch batch, ForwardPass pass)
    {
        if (LoraLayers.OfFeature(trunk) is not { } layer || !Terms.ContainsKey(layer.Name))
            return base.End(trunk, x, batch, pass);
        using var scope = NewDisposeScope();
        Tensor feature = Apply(layer, trunk.ClassToken(x), pass);
        if (trunk.Pooling == BackbonePooling.Pooler) feature = feature.tanh();
        return feature.MoveToOuterDisposeScope();
    }

    /// <summary>The input of the terms alone, as training makes it.</summary>
    protected virtual Tensor Dropped(Tensor x, ForwardPass pass) => x;
}
