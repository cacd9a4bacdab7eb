// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A LoRA adapter in PEFT's layout, loaded for a backbone.</summary>
/// <remarks>
/// <para>The folder holds <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>. Loading is strict: tensors
/// that are missing or unexpected are an error that names them all, where PEFT only warns. Keys are accepted with and
/// without the segment of the base model, such as <c>vit.</c>, and biases of adapted modules with and without
/// <c>base_layer</c>. A head among the saved modules becomes the head.</para>
/// <para>Thread-safe for scoring. Owns native memory; dispose of it before the backbone.</para>
/// <para>Source: Hu et al., 2021, arXiv 2106.09685; layout that of huggingface/peft.</para>
/// </remarks>
public sealed class LoraAdapter : IDisposable
{
    internal const string ConfigName = "adapter_config.json";
    internal const string TensorsName = "adapter_model.safetensors";

    private volatile bool _isDisposed;

    internal LoraAdapter(Backbone backbone, LoraAdapterConfig config, string prefix, string source)
    {
        Backbone = backbone;
        Config = config;
        Prefix = prefix;
        Source = source;
    }

    /// <summary>What its config says; keys that have no effect are in its UnknownKeys, worth a warning.</summary>
    public LoraAdapterConfig Config { get; }

    /// <summary>The folder it was read from.</summary>
    public string Source { get; }

    /// <summary>Names of the adapted layers, as the backbone's checkpoint has them without a prefix.</summary>
    public IReadOnlyCollection<string> AdaptedLayers => Terms.Keys;

    /// <summary>Number of its weights, a head included.</summary>
    public long ParameterCount => Owned.Sum(t => t.numel());

    internal Backbone Backbone { get; }

    /// <summary>What stood before the names of the backbone's modules in the file.</summary>
    internal string Prefix { get; }

    internal Dictionary<string, LowRankTerm> Terms { get; } = [];

    /// <summary>Tensors of the backbone that it replaces, by their name there.</summary>
    internal Dictionary<string, Tensor> Replaced { get; } = [];

    /// <summary>Null where the backbone's own is to be used. Its weight may be the backbone's.</summary>
    internal LinearLayer? Head { get; set; }

    internal IEnumerable<Tensor> Owned => Terms.Values.SelectMany(t => new[] { t.Down, t.Up })
        .Concat(Replaced.Values)
        .Concat(new[] { Head?.Weight, Head?.Bias }.OfType<Tensor>().Where(t => !IsBackbones(t)));

    /// <summary>Reads an adapter for a backbone.</summary>
    /// <param name="folder">Holds the config and the tensors.</param>
    /// <param name="backbone">The backbone it is for, which must outlive it.</param>
    /// <returns>The adapter, which the caller disposes of.</returns>
    /// <exception cref="InvalidDataException">A file is malformed, or tensors are missing, unexpected, of another shape
    /// or not finite; the message lists them.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LoraAdapter Load(string folder, Backbone backbone)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(backbone);
        backbone.RequireAlive();

        RequireFiles(folder);
        LoraAdapterConfig config = LoraAdapterConfig.Load(Path.Combine(folder, ConfigName));
        using SafetensorsFile stored = SafetensorsFile.Open(Path.Combine(folder, TensorsName));
        return new LoraAdapterReader(stored, config, backbone).Read(folder);
    }

    /// <summary>Writes the adapter so that it and PEFT can read it.</summary>
    /// <remarks>A new folder appears complete or not at all; in one that exists, each file is replaced whole.</remarks>
    /// <param name="folder">Receives two files; is made where it is not there.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        RequireAlive();
        LoraAdapterWriter.Write(folder, Config, Prefix, Terms, Replaced, Head);
    }

    /// <summary>Makes a backbone with the adapter merged into its weights; the adapter's own stays as it is.</summary>
    /// <remarks>W + s B A for each adapted weight W; a head of the adapter becomes the backbone's. Takes as much memory
    /// as the backbone. What is fine-tuned on it has it in its model file.</remarks>
    /// <returns>The backbone, which the caller disposes of; it needs neither the adapter nor its backbone.</returns>
    public Backbone Merge()
    {
        RequireAlive();
        Backbone.RequireAlive();
        string source = $"{Backbone.Source} with {Path.GetFileName(Path.TrimEndingDirectorySeparator(Source))}";
        var terms = Terms.ToDictionary(t => t.Key, t => new[] { t.Value });
        return MergedBackbone.Make(Backbone, Replaced, terms, Head, source);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (Tensor tensor in Owned.ToArray()) tensor.Dispose();
    }

    /// <exception cref="ObjectDisposedException">The weights were freed.</exception>
    internal void RequireAlive() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <summary>Writes what a model was trained to as an adapter that PEFT reads.</summary>
    internal static void Save(string folder, TunedModel model)
    {
        LoraAdapter adapter = Of(model);
        adapter.Save(folder);
    }

    /// <summary>Makes an adapter of what a model was trained to; its tensors are and stay the model's.</summary>
    internal static LoraAdapter Of(TunedModel model)
    {
        var tuning = (LoraTuning)model.Tuning;
        string folderOfBase = Path.TrimEndingDirectorySeparator(model.Backbone.Source);
        LoraAdapterConfig config = tuning.Config with { BaseModel = Path.GetFileName(folderOfBase) };
        var adapter = new LoraAdapter(model.Backbone, config, tuning.Prefix, model.Backbone.Source)
        {
            Head = model.Head,
        };
        foreach ((string layer, LowRankTerm[] terms) in tuning.Terms) adapter.Terms.Add(layer, terms[0]);
        foreach ((string name, Tensor tensor) in tuning.Replaced) adapter.Replaced.Add(name, tensor);
        return adapter;
    }

    /// <summary>Copies the adapter for its backbone, or for another of the same weights.</summary>
    internal LoraAdapter On(Backbone backbone)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor Own(Tensor tensor) => tensor.detach().to(backbone.Device, copy: true).DetachFromDisposeScope();
        var copy = new LoraAdapter(backbone, Config, Prefix, Source);
        foreach ((string layer, LowRankTerm term) in Terms)
            copy.Terms.Add(layer, term with { Down = Own(term.Down), Up = Own(term.Up) });
        foreach ((string name, Tensor tensor) in Replaced) copy.Replaced.Add(name, Own(tensor));
        if (Head is { } head)
            copy.Head = new LinearLayer(head.Name, Own(head.Weight), head.Bias is null ? null : Own(head.Bias));
        return copy;
    }

    private static void RequireFiles(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The adapter folder '{folder}' must exist. Got none.");
        foreach (string name in new[] { ConfigName, TensorsName })
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path)) continue;
            throw new FileNotFoundException($"The adapter folder '{folder}' must have {name}. Got none. "
                + "Convert weights of another format to safetensors first.", path);
        }
    }

    private bool IsBackbones(Tensor tensor) => ReferenceEquals(tensor, Backbone.Head?.Weight);
}
