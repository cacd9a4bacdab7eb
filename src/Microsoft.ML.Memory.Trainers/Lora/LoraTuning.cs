// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Trains low-rank terms of chosen linear layers, and biases and whole modules where they are asked for.
/// </summary>
internal sealed class LoraTuning : LowRankTuning
{
    private readonly Dictionary<string, LowRankTerm[]> _terms = [];
    private readonly Dictionary<string, Tensor> _replaced = [];

    public LoraTuning(Backbone backbone, LoraAdapterConfig config, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        Config = config;
        Prefix = BackboneNames.Of(backbone.Config).Prefix;
        FeatureSize = backbone.Trunk.PooledSize;
        IEnumerable<LinearLayer> layers = LoraLayers.OfBlocks(backbone.Trunk);
        if (LoraLayers.OfFeature(backbone.Trunk) is { } last) layers = layers.Append(last);
        foreach (LinearLayer layer in layers.Where(l => config.Matches(Prefix + l.Name))) AddTerm(layer, random);
        if (_terms.Count == 0)
        {
            throw new ArgumentException(
                "LoraOptions must choose at least one linear layer that the feature depends on. Got none.");
        }

        AddReplaced(backbone);
    }

    public LoraAdapterConfig Config { get; }

    /// <summary>What stands before the names of modules in a model that classifies.</summary>
    public string Prefix { get; }

    public override string Name => nameof(LoraOptions);

    public override long FeatureSize { get; }

    public override IReadOnlyDictionary<string, Tensor> Replaced => _replaced;

    public override IReadOnlyDictionary<string, LowRankTerm[]> Terms => _terms;

    protected override Tensor Dropped(Tensor x, ForwardPass pass) => pass.Drop(x, Config.Dropout);

    private void AddTerm(LinearLayer layer, SeededRandom random)
    {
        string module = Prefix + layer.Name;
        long rank = Config.RankOf(module), outputs = layer.Weight.size(0), inputs = layer.Weight.size(1);
        Device device = layer.Weight.device;
        Tensor down = Train(
            layer.Name + LowRankTerm.DownName, TensorInit.Linear(random, rank, inputs, device), true);
        Tensor up = Train(layer.Name + LowRankTerm.UpName, zeros([outputs, rank], float32, device), true);
        _terms.Add(layer.Name, [new LowRankTerm(down, up, Config.ScaleOf(module))]);
    }

    private void AddReplaced(Backbone backbone)
    {
        using IDisposable frozen = no_grad();
        var tensors = new TrunkTensors(backbone);
        foreach (string name in tensors.Reaching(null).Where(IsTrained))
        {
            Tensor original = backbone.Tensors[name];
            _replaced.Add(name, Train(name, original.clone(), tensors.IsDecayed(name, original)));
        }
    }

    private bool IsTrained(string name)
    {
        string module = LoraLayers.ModuleOf(name);
        if (Config.IsSaved(Prefix + module)) return true;
        return TrunkTensors.IsBias(name) && LoraLayers.TrainsBias(Config, _terms.ContainsKey(module));
    }
}
