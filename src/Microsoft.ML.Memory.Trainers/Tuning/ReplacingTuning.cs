// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Trains copies of tensors of the trunk in their place; changes nothing else.</summary>
internal abstract class ReplacingTuning : TrunkTuning
{
    private readonly Dictionary<string, Tensor> _replaced = [];

    /// <param name="backbone">Gives the first values.</param>
    /// <param name="names">The tensors that are trained.</param>
    protected ReplacingTuning(Backbone backbone, IEnumerable<string> names)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var tensors = new TrunkTensors(backbone);
        FeatureSize = backbone.Trunk.PooledSize;
        foreach (string name in names)
        {
            Tensor original = backbone.Tensors[name];
            _replaced.Add(name, Train(name, original.clone(), tensors.IsDecayed(name, original)));
        }
    }

    public override long FeatureSize { get; }

    public override IReadOnlyDictionary<string, Tensor> Replaced => _replaced;

    /// <summary>Checks that a backbone has as many blocks as are to be tuned.</summary>
    protected static int? CheckBlocks(Backbone backbone, int? lastBlocks, string options)
    {
        int count = backbone.Config.LayerCount;
        return lastBlocks is not { } k || k <= count ? lastBlocks : throw new ArgumentException(
            $"{options}.TuneLastBlocks must be at most the {count} blocks of the backbone. Got {k}.");
    }
}
