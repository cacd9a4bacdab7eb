// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Trains some of the backbone's own tensors, such as all, or its biases.</summary>
internal sealed class ReplacedTuning : TrunkTuning
{
    private readonly Dictionary<string, Tensor> _replaced = [];

    public ReplacedTuning(Backbone backbone, Func<string, bool> isTrained)
    {
        using DisposeScope scope = NewDisposeScope();
        FeatureSize = backbone.Trunk.PooledSize;
        foreach ((string name, Tensor tensor) in backbone.Tensors.Where(t => isTrained(t.Key)))
            _replaced.Add(name, Train(name, tensor.clone(), tensor.ndim > 1));
    }

    public override long FeatureSize { get; }

    public override IReadOnlyDictionary<string, Tensor> Replaced => _replaced;
}
