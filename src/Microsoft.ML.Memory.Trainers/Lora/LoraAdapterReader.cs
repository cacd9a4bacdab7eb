// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Matches the tensors of an adapter's file with what its config asks of a backbone, and reads them.</summary>
internal sealed class LoraAdapterReader
{
    private const int MostNamed = 20;
    private readonly INamedTensors _stored;
    private readonly LoraAdapterConfig _config;
    private readonly Backbone _backbone;
    private readonly string _prefix;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<string> _missing = [];
    private readonly List<string> _wrong = [];

    public LoraAdapterReader(INamedTensors stored, LoraAdapterConfig config, Backbone backbone)
    {
        _stored = stored;
        _config = config;
        _backbone = backbone;
        _prefix = FindPrefix();
    }

    /// <summary>Reads everything, after all of it has been checked.</summary>
    public LoraAdapter Read(string source)
    {
        var layers = LoraLayers.OfBlocks(_backbone.Trunk).Where(IsAdapted)
            .Concat(LoraLayers.Optional(_backbone.Trunk).Where(l => IsAdapted(l) && IsStored(l)))
            .Select(l => (Layer: l, Down: Want(l, LowRankTerm.DownName), Up: Want(l, LowRankTerm.UpName))).ToList();
        HashSet<string> adapted = [.. layers.Select(l => l.Layer.Name)];
        var replaced = _backbone.Tensors.Keys.Where(n => IsReplaced(n, adapted))
            .Select(n => (Name: n, Stored: WantReplaced(n))).Where(r => r.Stored is not null).ToList();
        (string? Weight, string? Bias) head = WantHead();
        Complain();

        using var scope = NewDisposeScope();
        var adapter = new LoraAdapter(_backbone, _config, _prefix, source);
        foreach ((LinearLayer layer, string? down, string? up) in layers)
        {
            double scale = _config.ScaleOf(_prefix + layer.Name);
            adapter.Terms.Add(layer.Name, new LowRankTerm(Take(down!), Take(up!), scale));
        }

        foreach ((string name, string? stored) in replaced) adapter.Replaced.Add(name, Take(stored!));
        if (head.Bias is not null)
        {
            Tensor weight = head.Weight is null ? _backbone.Head!.Weight : Take(head.Weight);
            adapter.Head = new LinearLayer(LoraLayers.Heads[0], weight, Take(head.Bias));
        }

        foreach (Tensor tensor in adapter.Owned) tensor.DetachFromDisposeScope();
        return adapter;
    }

    private bool IsAdapted(LinearLayer layer) => _config.Matches(_prefix + layer.Name);

    private bool IsStored(LinearLayer layer) =>
        _stored.Tensors.ContainsKey(Key(layer.Name + LowRankTerm.DownName))
        || _stored.Tensors.ContainsKey(Key(layer.Name + LowRankTerm.UpName));

    private bool IsReplaced(string name, HashSet<string> adapted)
    {
        string module = LoraLayers.ModuleOf(name);
        if (_config.IsSaved(_prefix + module)) return true;
        return TrunkTensors.IsBias(name) && LoraLayers.TrainsBias(_config, adapted.Contains(module));
    }

    private string Key(string name) => LoraAdapterWriter.Root + _prefix + name;

    private string? Want(LinearLayer layer, string part)
    {
        long rank = _config.RankOf(_prefix + layer.Name);
        long[] shape = part == LowRankTerm.DownName ? [rank, layer.Weight.size(1)] : [layer.Weight.size(0), rank];
        return Want(shape, Key(layer.Name + part));
    }

    // A model that classifies may lack the pooler and the projection that this backbone has.
    private string? WantReplaced(string name)
    {
        string module = LoraLayers.ModuleOf(name);
        string plain = Key(name), wrapped = Key(module + LoraAdapterWriter.BaseLayer + name[module.Length..]);
        bool optional = LoraLayers.Optional(_backbone.Trunk).Any(l => l.Name == module);
        if (optional && !_stored.Tensors.ContainsKey(plain) && !_stored.Tensors.ContainsKey(wrapped)) return null;
        return Want(_backbone.Tensors[name].shape, plain, wrapped);
    }

    private (string? Weight, string? Bias) WantHead()
    {
        string[] saved = [.. LoraLayers.Heads.Where(_config.IsSaved)];
        string Bias(string name) => $"{LoraAdapterWriter.Root}{name}.bias";
        string Weight(string name) => $"{LoraAdapterWriter.Root}{name}.weight";
        if (saved.Length > 0)
        {
            string name = saved.FirstOrDefault(h => _stored.Tensors.ContainsKey(Weight(h))) ?? saved[0];
            long classes = _stored.Tensors.TryGetValue(Weight(name), out TensorEntry? entry) && entry.Shape.Length > 0
                ? entry.Shape[0]
                : _backbone.Head?.Weight.size(0) ?? 2;
            return (Want([classes, _backbone.FeatureSize], Weight(name)), Want([classes], Bias(name)));
        }

        string? bias = _config.Bias != LoraBiasKind.All || _backbone.Head is null ? null
            : LoraLayers.Heads.Select(Bias).FirstOrDefault(_stored.Tensors.ContainsKey);
        return (null, bias is null ? null : Want(_backbone.Head!.Bias!.shape, bias));
    }

    /// <summary>Finds one tensor under one of its names, and notes what is amiss.</summary>
    private string? Want(long[] shape, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (!_stored.Tensors.TryGetValue(name, out TensorEntry? entry)) continue;
            _used.Add(name);
            if (entry.Shape.SequenceEqual(shape)) return name;
            _wrong.Add($"{BadFile.Quote(name)} of {ShapeText.Of(entry.Shape)} where {ShapeText.Of(shape)} is wanted");
            return null;
        }

        _missing.Add(names[0]);
        return null;
    }

    private void Complain()
    {
        string[] unexpected = [.. _stored.Tensors.Keys.Where(n => !_used.Contains(n))];
        if (_missing.Count + _wrong.Count + unexpected.Length == 0) return;
        List<string> parts = [];
        void Say(IReadOnlyList<string> items, string what, Func<string, string> show)
        {
            if (items.Count == 0) return;
            string rest = items.Count > MostNamed ? $" and {items.Count - MostNamed} more" : "";
            parts.Add($"{items.Count} {what}: {string.Join(", ", items.Take(MostNamed).Select(show))}{rest}");
        }

        Say(_missing, "missing", n => BadFile.Quote(n) + TensorNames.Hint(n, unexpected));
        Say(unexpected, "unexpected", BadFile.Quote);
        Say(_wrong, "of another shape", w => w);
        throw BadFile.Error(
            "The tensors", _stored.Source, "be those that the adapter's config asks of the backbone",
            string.Join("; ", parts));
    }

    private Tensor Take(string name)
    {
        float[] values = _stored.ReadFinite(name);
        return TensorData.From(values, [.. _stored.Find(name).Shape], _backbone.Device);
    }

    // The adapter may have been made for the bare backbone or for a model around it: the segments before the longest
    // name that is known. Most keys decide, so that a stray one is named as unexpected and the others are not.
    private string FindPrefix()
    {
        string[] known = [.. LoraLayers.OfBlocks(_backbone.Trunk).Select(l => l.Name)];
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string key in _stored.Tensors.Keys)
        {
            if (!key.StartsWith(LoraAdapterWriter.Root, StringComparison.Ordinal)
                || !key.EndsWith(LowRankTerm.DownName, StringComparison.Ordinal)) continue;
            string module = key[LoraAdapterWriter.Root.Length..^LowRankTerm.DownName.Length];
            string? name = known.Where(k => module == k || module.EndsWith("." + k, StringComparison.Ordinal))
                .MaxBy(k => k.Length);
            if (name is null) continue;
            string prefix = module[..^name.Length];
            found[prefix] = found.GetValueOrDefault(prefix) + 1;
        }

        return found.Count == 0
            ? BackboneNames.Of(_backbone.Config).Prefix
            : found.OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).First().Key;
    }
}
