// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Any number of loaded adapters at once, whose terms add.</summary>
/// <remarks>Light: holds references to the adapters and owns nothing. Switching from one set of adapters to another is
/// taking another stack.</remarks>
internal sealed class LoraStack : LowRankTuning
{
    private readonly IReadOnlyList<PlacedAdapter> _adapters;
    private readonly string? _head;
    private readonly Dictionary<string, LowRankTerm[]> _terms;
    private readonly Dictionary<string, Tensor> _replaced;

    public LoraStack(Backbone backbone, params IReadOnlyList<LoraAdapter> adapters)
        : this(backbone, [.. adapters.Select(a => new PlacedAdapter(a.Source, a))])
    {
    }

    /// <param name="backbone">What all adapters are of.</param>
    /// <param name="adapters">The adapters.</param>
    /// <param name="head">Name of the adapter whose head is taken; null where at most one has a head.</param>
    public LoraStack(Backbone backbone, IReadOnlyList<PlacedAdapter> adapters, string? head = null)
    {
        Backbone = backbone;
        _adapters = adapters;
        _head = head;
        FeatureSize = backbone.Trunk.PooledSize;
        if (adapters.Any(a => a.Adapter.Backbone != backbone))
        {
            throw new ArgumentException(
                "adapters must be of the backbone they are put on. Got one of another.", nameof(adapters));
        }

        _replaced = ReplacedBy(adapters);
        _terms = adapters.SelectMany(a => a.Adapter.Terms.Select(t => (t.Key, Term: t.Value * a.Weight)))
            .GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.Select(t => t.Term).ToArray());
    }

    public Backbone Backbone { get; }

    public override string Name => nameof(AdapterSet);

    public override long FeatureSize { get; }

    public override IReadOnlyDictionary<string, Tensor> Replaced => _replaced;

    public override IReadOnlyDictionary<string, LowRankTerm[]> Terms => _terms;

    /// <summary>The head of the adapter that was named, else of the only one that has a head, else the backbone's.
    /// </summary>
    /// <exception cref="ArgumentException">Several adapters have a head and none was named, or the named one has
    /// none.</exception>
    /// <exception cref="InvalidOperationException">There is no head.</exception>
    public LinearLayer Head => Headed()?.Adapter.Head ?? Backbone.Head ?? throw new InvalidOperationException(
        "A stack of adapters must have a head to score with. Got none in the adapters and none in the backbone.");

    /// <summary>The adapter whose head is taken; null where it is the backbone's.</summary>
    public PlacedAdapter? Headed()
    {
        PlacedAdapter[] all = [.. _adapters.Where(a => a.Adapter.Head is not null)];
        string names = string.Join(", ", all.Select(a => $"'{a.Name}'"));
        if (_head is null)
        {
            return all.Length < 2 ? all.SingleOrDefault() : throw new ArgumentException(
                $"Adapters must have one head between them. Got heads of {names}. Name the one whose head to take.");
        }

        string known = all.Length == 0 ? "of which there is none" : names;
        return all.FirstOrDefault(a => a.Name == _head) ?? throw new ArgumentException(
            $"head must be an adapter that is used and has a head, {known}. Got '{_head}'.");
    }

    private static Dictionary<string, Tensor> ReplacedBy(IReadOnlyList<PlacedAdapter> adapters)
    {
        var owners = new Dictionary<string, PlacedAdapter>();
        foreach (PlacedAdapter one in adapters)
            foreach (string name in one.Adapter.Replaced.Keys)
            {
                if (!owners.TryAdd(name, one))
                {
                    throw new ArgumentException("Adapters must replace every tensor of the backbone at most once. Got "
                        + $"'{name}' of '{owners[name].Name}' and of '{one.Name}'.");
                }

                if (one.Weight == 1) continue;
                string weight = one.Weight.ToString(CultureInfo.InvariantCulture);
                throw new ArgumentException("Weights of adapters that replace tensors of the backbone must be 1. Got "
                    + $"{weight} for '{one.Name}', which replaces '{name}'.");
            }

        return owners.ToDictionary(o => o.Key, o => o.Value.Adapter.Replaced[o.Key]);
    }
}
