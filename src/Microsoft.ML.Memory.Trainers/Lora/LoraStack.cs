// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Any number of loaded adapters at once, whose terms add.</summary>
/// <remarks>Light: holds references to the adapters and owns nothing. Switching from one set of adapters to another is
/// taking another stack.</remarks>
internal sealed class LoraStack : LowRankTuning
{
    private readonly IReadOnlyList<(LoraAdapter Adapter, double Weight)> _adapters;
    private readonly Dictionary<string, LowRankTerm[]> _terms;
    private readonly Dictionary<string, Tensor> _replaced = [];

    public LoraStack(Backbone backbone, params IReadOnlyList<LoraAdapter> adapters)
        : this(backbone, [.. adapters.Select(a => (a, 1.0))])
    {
    }

    /// <param name="backbone">What all adapters are of.</param>
    /// <param name="adapters">The adapters, and by what their terms are multiplied.</param>
    public LoraStack(Backbone backbone, IReadOnlyList<(LoraAdapter Adapter, double Weight)> adapters)
    {
        Backbone = backbone;
        _adapters = adapters;
        FeatureSize = backbone.Trunk.PooledSize;
        if (adapters.Any(a => a.Adapter.Backbone != backbone))
        {
            throw new ArgumentException(
                "adapters must be of the backbone they are put on. Got one of another.", nameof(adapters));
        }

        foreach ((string name, Tensor tensor) in adapters.SelectMany(a => a.Adapter.Replaced))
        {
            if (_replaced.TryAdd(name, tensor)) continue;
            throw new ArgumentException(
                $"adapters must replace every tensor of the backbone at most once. Got two for '{name}'.",
                nameof(adapters));
        }

        _terms = adapters.SelectMany(a => a.Adapter.Terms.Select(t => (t.Key, Term: t.Value * a.Weight)))
            .GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.Select(t => t.Term).ToArray());
    }

    public Backbone Backbone { get; }

    public override long FeatureSize { get; }

    public override IReadOnlyDictionary<string, Tensor> Replaced => _replaced;

    public override IReadOnlyDictionary<string, LowRankTerm[]> Terms => _terms;

    /// <summary>The head of the first adapter that has one, else the backbone's.</summary>
    /// <exception cref="InvalidOperationException">There is no head.</exception>
    public LinearLayer Head => _adapters.FirstOrDefault(a => a.Adapter.Head is not null).Adapter?.Head
        ?? Backbone.Head
        ?? throw new InvalidOperationException(
            "A stack of adapters must have a head to score with. Got none in the adapters and none in the backbone.");
}
