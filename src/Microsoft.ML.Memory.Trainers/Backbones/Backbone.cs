// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A pretrained transformer whose weights stay as they are: ViT, DINOv2, CLIP's image tower or BERT.</summary>
/// <remarks>
/// <para>Weights are held in single precision; a file of half precision is widened.</para>
/// <para>Thread-safe for scoring. Owns native memory: dispose of it after everything that was tuned on it.</para>
/// </remarks>
public sealed class Backbone : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors;
    private readonly BackboneOptions _options;
    private readonly ConcurrentDictionary<string, FirstUse<Backbone>> _copies = new(); // by device
    private readonly FirstUse<Dictionary<string, Tensor>> _rounded;
    private string? _hash;
    private volatile bool _isDisposed;

    internal Backbone(BackboneConfig config, BackboneOptions options, Dictionary<string, Tensor> tensors, string source)
    {
        Config = config;
        Source = source;
        _options = options;
        _tensors = tensors;
        foreach (Tensor tensor in tensors.Values) tensor.DetachFromDisposeScope();
        _rounded = new FirstUse<Dictionary<string, Tensor>>(Rounded);
        Trunk = With(new Dictionary<string, Tensor>());
    }

    /// <summary>What kind of network it is, and its sizes.</summary>
    public BackboneConfig Config { get; }

    /// <summary>The folder it was read from, or a word for where it came from.</summary>
    public string Source { get; }

    /// <summary>Tensors of the checkpoint that the backbone does not use, such as a head; empty if none.</summary>
    public IReadOnlyList<string> UnusedTensors { get; internal init; } = [];

    /// <summary>Number of weights.</summary>
    public long ParameterCount => _tensors.Values.Sum(t => t.numel());

    /// <summary>Width of the feature vector.</summary>
    public int FeatureSize => (int)Trunk.PooledSize;

    /// <summary>SHA-256 of names, shapes and single-precision values of all weights, in lower-case
    /// hexadecimal.</summary>
    /// <remarks>Computed once, when first asked for; the same for a checkpoint and its sharded copy.</remarks>
    public string Hash => _hash ??= ComputeHash();

    internal Trunk Trunk { get; }

    /// <summary>The classifier that the checkpoint came with, or null.</summary>
    internal LinearLayer? Head
    {
        get;
        init
        {
            value?.Weight.DetachFromDisposeScope();
            value?.Bias?.DetachFromDisposeScope();
            field = value;
        }
    }

    /// <summary>Weights by their name without a prefix.</summary>
    internal IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    internal BackboneOptions Options => _options;

    internal Device Device => Trunk.Device;

    /// <summary>All that its feature follows from besides weights: kind, sizes, pooling, rule of positions.</summary>
    internal string Run => $"{(Config with { Labels = [] }).ToJson()}|{Trunk.Pooling}|{Positions}";

    private PositionRule Positions => _options.Positions
        ?? (Config.RegisterCount > 0 ? PositionRule.Antialiased : PositionRule.SizeBased);

    /// <summary>Reads a backbone from a folder in HuggingFace's layout.</summary>
    /// <param name="folder">Holds config.json and model.safetensors, or its shards and their index.</param>
    /// <param name="options">Device, pooling and rule of positions; null takes the defaults.</param>
    /// <returns>The backbone, which the caller disposes of.</returns>
    /// <exception cref="InvalidDataException">A file is malformed, tensors are missing or of another shape, and the
    /// message lists them all; or a weight is not finite.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Backbone Load(string folder, BackboneOptions? options = null) =>
        BackboneReader.Read(folder, options ?? new BackboneOptions());

    /// <summary>Makes a backbone of random weights, to be pretrained or to test with.</summary>
    /// <remarks>Matrices and tables are drawn from a normal distribution of deviation 0.02 that is cut at two
    /// deviations; biases are 0; the weights of norms and layer scales are 1.</remarks>
    /// <param name="config">Kind and sizes.</param>
    /// <param name="seed">The same seed gives the same weights on every machine.</param>
    /// <param name="options">Device, pooling and rule of positions; null takes the defaults.</param>
    /// <returns>The backbone, which the caller disposes of.</returns>
    /// <exception cref="ArgumentException">A value of the config breaks its rule; the message names all.</exception>
    public static Backbone Create(BackboneConfig config, long seed, BackboneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();

        return BackboneFactory.Create(config, seed, options ?? new BackboneOptions());
    }

    /// <summary>Writes the backbone to a folder in HuggingFace's layout: config.json and model.safetensors.</summary>
    /// <remarks>A new folder appears complete or not at all; in one that exists, each file is replaced whole. Weights
    /// are written in single precision.</remarks>
    /// <param name="folder">Path of the folder.</param>
    /// <exception cref="IOException">A file cannot be written; what was there before is as it was.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);

        BackboneWriter.Write(this, folder);
    }

    /// <summary>Frees the weights, on every device.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (FirstUse<Backbone> copy in _copies.Values) copy.Made?.Dispose();
        foreach (Tensor tensor in _tensors.Values) tensor.Dispose();
        if (_rounded.Made is { } rounded)
            foreach (Tensor tensor in rounded.Values) tensor.Dispose();
        Head?.Weight.Dispose();
        Head?.Bias?.Dispose();
    }

    /// <summary>Whether another backbone of the same weights makes the same of them: kinds, sizes, pooling.</summary>
    internal bool RunsAs(Backbone other) => Run == other.Run;

    /// <exception cref="ObjectDisposedException">The weights were freed.</exception>
    internal void RequireAlive() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <summary>The network with some of its tensors replaced; the others are shared.</summary>
    /// <param name="replaced">Tensors by their name, in any precision.</param>
    /// <param name="precision">In what precision its blocks compute.</param>
    internal Trunk With(
        IReadOnlyDictionary<string, Tensor> replaced, TrunkPrecision precision = TrunkPrecision.Single)
    {
        Tensor? Find(string name) => replaced.GetValueOrDefault(name)
            ?? (precision == TrunkPrecision.Single ? null : _rounded.Get().GetValueOrDefault(name))
            ?? _tensors.GetValueOrDefault(name);
        return new TrunkBuilder(Config, Positions, Find).Build(_options.Pooling, precision);
    }

    /// <summary>This backbone, or a copy of it on another device, which belongs to this one.</summary>
    internal Backbone On(Device device)
    {
        string name = device.ToString();
        return name == Device.ToString()
            ? this
            : _copies.GetOrAdd(name, _ => new FirstUse<Backbone>(() => CopyTo(device))).Get();
    }

    private Backbone CopyTo(Device device)
    {
        using var scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        var tensors = _tensors.ToDictionary(t => t.Key, t => t.Value.to(device, copy: true));
        return new Backbone(Config, _options with { Device = device.ToString() }, tensors, Source)
        {
            UnusedTensors = UnusedTensors,
            Head = Head?.Copy(Head.Name, device),
            _hash = _hash,
        };
    }

    // Matrices of the blocks alone: all else is small, and is rounded where it meets the stream.
    private Dictionary<string, Tensor> Rounded()
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var rounded = LoraLayers.OfBlocks(Trunk).ToDictionary(
            l => l.Name + ".weight", l => l.Weight.to_type(ScalarType.BFloat16));
        foreach (Tensor tensor in rounded.Values) tensor.DetachFromDisposeScope();
        return rounded;
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Tensor tensor) in _tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}[{string.Join(',', tensor.shape)}]"));
            hash.AppendData(tensor.cpu().contiguous().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
