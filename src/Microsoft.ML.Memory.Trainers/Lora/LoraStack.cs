// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A backbone with any number of loaded adapters at once, whose terms add.</summary>
/// <remarks>
/// <para>Light: holds references to the adapters and owns nothing but weights that are merged. Switching from one set
/// of adapters to another is taking another stack. Scoring is thread-safe while nobody merges.</para>
/// </remarks>
internal sealed class LoraStack : LowRankTuning
{
    private readonly Backbone _backbone;
    private readonly IReadOnlyList<LoraAdapter> _adapters;
    private readonly Dictionary<string, LowRankTerm[]> _terms;
    private readonly Dictionary<string, Tensor> _replaced = [];
    private readonly List<Tensor> _merged = [];
    private readonly Trunk _unmerged;

    public LoraStack(Backbone backbone, params IReadOnlyList<LoraAdapter> adapters)
    {
        _backbone = backbone;
        _adapters = adapters;
        FeatureSize = backbone.Trunk.PooledSize;
        if (adapters.Any(a => a.Backbone != backbone))
        {
            throw new ArgumentException(
                "adapters must be of the backbone they are put on. Got one of another.", nameof(adapters));
        }

        foreach ((string name, Tensor tensor) in adapters.SelectMany(a => a.Replaced))
        {
            if (_replaced.TryAdd(name, tensor)) continue;
            throw new ArgumentException(
                $"adapters must replace every tensor of the backbone at most once. Got two for '{name}'.",
                nameof(adapters));
        }

        _terms = adapters.SelectMany(a => a.Terms).GroupBy(t => t.Key)
            .ToDictionary(g => g.Key, g => g.Select(t => t.Value).ToArray());
        Trunk = _unmerged = _replaced.Count == 0 ? backbone.Trunk : backbone.With(_replaced);
    }

    /// <summary>The network as it is now.</summary>
    public Trunk Trunk { get; private set; }

    public bool IsMerged { get; private set; }

    public override long FeatureSize { get; }

    public override IReadOnlyDictionary<string, Tensor> Replaced => _replaced;

    /// <summary>Scores of the classes by the one head there is: an adapter's, else the backbone's.</summary>
    /// <exception cref="InvalidOperationException">There is no head, or more than one.</exception>
    public Tensor Logits(BackboneBatch batch, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        return Head().Apply(Feature(Trunk, batch, pass)).MoveToOuterDisposeScope();
    }

    /// <summary>Adds the terms to copies of the weights, so that scoring costs what the backbone alone does.</summary>
    /// <exception cref="InvalidOperationException">They are merged already.</exception>
    public void Merge()
    {
        if (IsMerged)
        {
            throw new InvalidOperationException(
                "Merge must not be called twice. Got merged adapters. Call Unmerge first.");
        }

        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var weights = new Dictionary<string, Tensor>(_replaced);
        foreach ((string layer, LowRankTerm[] terms) in _terms)
        {
            string name = layer + ".weight";
            Tensor weight = weights.GetValueOrDefault(name) ?? _backbone.Tensors[name];
            foreach (LowRankTerm term in terms) weight = weight.add(term.Delta());
            _merged.Add(weights[name] = weight.DetachFromDisposeScope());
        }

        Trunk = _backbone.With(weights);
        IsMerged = true;
    }

    /// <summary>Goes back to the very weights there were before.</summary>
    /// <exception cref="InvalidOperationException">Nothing is merged.</exception>
    public void Unmerge()
    {
        if (!IsMerged)
            throw new InvalidOperationException("Unmerge must follow Merge. Got adapters that are not merged.");

        Trunk = _unmerged;
        IsMerged = false;
        foreach (Tensor weight in _merged) weight.Dispose();
        _merged.Clear();
    }

    public override void Dispose()
    {
        foreach (Tensor weight in _merged) weight.Dispose();
        base.Dispose();
    }

    protected override IReadOnlyList<LowRankTerm> TermsOf(string layer) =>
        IsMerged ? [] : _terms.GetValueOrDefault(layer) ?? [];

    private LinearLayer Head()
    {
        LoraAdapter[] own = [.. _adapters.Where(a => a.Head is not null)];
        if (own.Length > 1)
        {
            throw new InvalidOperationException("A stack of adapters must have at most one head to score with. "
                + $"Got {own.Length}. Read the feature instead.");
        }

        return own.FirstOrDefault()?.Head ?? _backbone.Head ?? throw new InvalidOperationException(
            "A stack of adapters must have a head to score with. Got none in the adapters and none in the backbone.");
    }
}
