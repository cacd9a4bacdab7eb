// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A network with low-rank terms added to copies of its weights, so that it costs what the backbone alone
/// does.</summary>
/// <remarks>Owns the copies of the adapted weights and shares all others.</remarks>
internal sealed class MergedTerms : TrunkTuning
{
    private readonly List<Tensor> _weights = [];

    public MergedTerms(
        Backbone backbone, LowRankTuning tuning, TrunkPrecision precision = TrunkPrecision.Single)
    {
        FeatureSize = tuning.FeatureSize;
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(tuning.Replaced);
        string? behind = LoraLayers.OfFeature(backbone.Trunk)?.Name; // of single precision, as all behind the blocks
        foreach ((string layer, LowRankTerm[] terms) in tuning.Terms)
        {
            string name = layer + ".weight";
            Tensor weight = tensors.GetValueOrDefault(name) ?? backbone.Tensors[name];
            foreach (LowRankTerm term in terms) weight = weight.add(term.Delta());
            if (precision == TrunkPrecision.BFloat16 && layer != behind) weight = weight.to_type(bfloat16);
            _weights.Add(tensors[name] = weight.DetachFromDisposeScope());
        }

        Trunk = backbone.With(tensors, precision);
    }

    public Trunk Trunk { get; }

    public override string Name => nameof(LoraOptions);

    public override long FeatureSize { get; }

    public override void Dispose()
    {
        foreach (Tensor weight in _weights) weight.Dispose();
        base.Dispose();
    }
}
