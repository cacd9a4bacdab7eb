// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>The state of training in a safetensors file, replaced whole after every epoch.</summary>
/// <remarks>Holds the trained tensors, the optimizer's moments and the tensors of the best epoch; a fingerprint of
/// options, backbone and data keeps another training from going on with them.</remarks>
internal sealed class TrainingCheckpoint
{
    private const string CurrentPrefix = "current.";
    private const string MomentPrefix = "moment.";
    private const string BestPrefix = "best.";
    private readonly string _path;
    private readonly TunedModel _model;
    private readonly AdamW _optimizer;
    private readonly string _options;
    private readonly string _fingerprint;
    private readonly string _network;

    /// <param name="path">Path of the file.</param>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">Steps the model's trained tensors.</param>
    /// <param name="options">The settings.</param>
    /// <param name="examples">The rows.</param>
    /// <param name="phase">Tells phases of one training apart; empty for the first.</param>
    public TrainingCheckpoint(
        string path, TunedModel model, AdamW optimizer, FineTuneOptions options, ExampleSource examples, string phase)
    {
        _path = path;
        _model = model;
        _optimizer = optimizer;
        _options = JsonSerializer.Serialize(options);
        string told = $"{_options}|{model.Backbone.Hash}|{examples.TrainCount}|"
            + $"{examples.HeldOutCount}|{examples.Classes.Count}|{examples.Checksum}{phase}";
        _fingerprint = Digest(told);
        _network = Digest(model.Backbone.Run);
    }

    /// <summary>Writes the state; the file is the old one or the new one at every moment.</summary>
    /// <exception cref="IOException">The file cannot be written, such as on a full disk.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written to.</exception>
    public void Save(TrainingState state)
    {
        var writer = new SafetensorsWriter();
        foreach ((string name, Tensor tensor) in Current()) Add(writer, CurrentPrefix + name, tensor);
        foreach ((string name, Tensor tensor) in _optimizer.State) Add(writer, MomentPrefix + name, tensor);
        foreach ((string name, float[] values) in state.Best!.Values)
            writer.Add(BestPrefix + name, [values.Length], values);
        writer.Metadata["fingerprint"] = _fingerprint;
        writer.Metadata["network"] = _network;
        writer.Metadata["options"] = _options;
        writer.Metadata["steps"] = JsonSerializer.Serialize(_optimizer.StepCount);
        writer.Metadata["bestEpoch"] = JsonSerializer.Serialize(state.BestEpoch);
        writer.Metadata["epochs"] = JsonSerializer.Serialize(state.Epochs);
        writer.Save(_path);
    }

    /// <summary>Takes over the state of a file, if there is one.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another training.</exception>
    public bool TryLoad(TrainingState state)
    {
        if (!File.Exists(_path)) return false;
        using SafetensorsFile file = SafetensorsFile.Open(_path);
        if (file.Metadata.GetValueOrDefault("fingerprint") != _fingerprint)
            throw Other(Difference(file.Metadata.GetValueOrDefault("options")));
        // The same weights may be run in another way; files of before it was told say nothing of it.
        if (file.Metadata.GetValueOrDefault("network", _network) != _network)
            throw Other("with a backbone of another kind, pooling or rule of positions");

        TensorNames.Require(file,
        [
            .. Current().Select(t => (CurrentPrefix + t.Name, t.Tensor.shape)),
            .. _optimizer.State.Select(t => (MomentPrefix + t.Name, t.Tensor.shape)),
            .. Current().Select(t => (BestPrefix + t.Name, new[] { t.Tensor.numel() })),
        ]);
        Restore(file, CurrentPrefix, Current());
        Restore(file, MomentPrefix, _optimizer.State);
        ReadCounts(file, state);
        return true;
    }

    private InvalidDataException Other(string difference) => new(
        "FineTuneOptions.CheckpointPath must name a checkpoint of the same options, backbone and data. Got "
        + $"'{_path}' {difference}. Delete it, or choose another path.");

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Difference(string? stored)
    {
        var strict = new JsonDocumentOptions { AllowDuplicateProperties = false };
        try
        {
            if (JsonNode.Parse(stored ?? "null", null, strict) is not JsonObject other) return "of another training";
            string[] names = [.. JsonNode.Parse(_options)!.AsObject()
                .Where(own => !JsonNode.DeepEquals(own.Value, other[own.Key])).Select(own => own.Key)];
            return names.Length == 0 ? "of another backbone or other data" : $"with another {string.Join(", ", names)}";
        }
        catch (JsonException)
        {
            return "of another training";
        }
    }

    private void ReadCounts(SafetensorsFile file, TrainingState state)
    {
        try
        {
            _optimizer.StepCount = JsonSerializer.Deserialize<long>(file.Metadata["steps"]);
            EpochReport[] epochs = JsonSerializer.Deserialize<EpochReport[]>(file.Metadata["epochs"]) ?? [];
            int best = JsonSerializer.Deserialize<int>(file.Metadata["bestEpoch"]);
            if (_optimizer.StepCount < 1) throw new JsonException($"{_optimizer.StepCount} steps");
            if (epochs.Any(e => e is null)) throw new JsonException("an epoch that is null");
            if (best < 1 || best > epochs.Length) throw new JsonException($"best epoch {best} of {epochs.Length}");
            var values = Current().ToDictionary(t => t.Name, t => file.ReadFinite(BestPrefix + t.Name));
            state.Set(epochs, best, TensorSnapshot.Of(values));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            throw new InvalidDataException(
                $"The checkpoint '{_path}' must say how far it has come. Got {e.Message.TrimEnd('.')}. Delete it.", e);
        }
    }

    private IEnumerable<(string Name, Tensor Tensor)> Current() => _model.Tensors.Select(t => (t.Name, t.Tensor));

    private static void Add(SafetensorsWriter writer, string name, Tensor tensor) =>
        writer.Add(name, tensor.shape, TensorData.ToArray(tensor));

    private static void Restore(SafetensorsFile file, string prefix, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using IDisposable frozen = no_grad();
        foreach ((string name, Tensor tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            tensor.copy_(TensorData.Read(file, prefix + name));
        }
    }
}
