// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Reads the tensors of a backbone out of a checkpoint, whatever prefix and old names they have
/// there.</summary>
internal static class BackboneReader
{
    private static readonly string[] _prefixes =
        ["", "vit.", "dinov2.", "dinov2_with_registers.", "bert.", "clip.", "model.", "backbone."];

    public static Backbone Read(string folder, BackboneOptions options)
    {
        using SafetensorsFolder stored = SafetensorsFolder.Open(folder);
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
            throw new FileNotFoundException($"The model folder '{folder}' must have config.json. Got none.", path);
        BackboneConfig config = BackboneConfig.Load(path);
        return Read(stored, config, options);
    }

    /// <summary>Takes the tensors of a checkpoint that is open already.</summary>
    public static Backbone Read(INamedTensors stored, BackboneConfig config, BackboneOptions options)
    {
        (string Name, long[] Shape)[] required = [.. BackboneTensors.Required(config)];
        string prefix = Prefix(stored, required);
        (string Name, long[] Shape)[] optional = [.. BackboneTensors.Optional(config)];
        bool Stored(string name) => stored.Tensors.ContainsKey(StoredName(stored, prefix + name));
        if (optional.All(t => Stored(t.Name))) required = [.. required, .. optional];
        TensorNames.Require(stored, required.Select(t => (StoredName(stored, prefix + t.Name), t.Shape)));

        using var scope = NewDisposeScope();
        Device device = DeviceNames.Find(options.Device, "BackboneOptions.Device");
        var tensors = new Dictionary<string, Tensor>();
        var used = new HashSet<string>();
        foreach ((string name, _) in required)
        {
            string storedName = StoredName(stored, prefix + name);
            tensors.Add(name, TensorData.Read(stored, storedName, device));
            used.Add(storedName);
        }

        return new Backbone(config, options, tensors, stored.Source)
        {
            Head = Head(stored, device),
            UnusedTensors = [.. stored.Tensors.Keys.Where(n => !used.Contains(n))],
        };
    }

    /// <summary>The linear head of a checkpoint that was trained to classify, or null.</summary>
    private static LinearLayer? Head(INamedTensors stored, Device device)
    {
        const string name = "classifier";
        bool complete = stored.Tensors.ContainsKey(name + ".weight") && stored.Tensors.ContainsKey(name + ".bias");
        return !complete ? null : new LinearLayer(
            name, TensorData.Read(stored, name + ".weight", device), TensorData.Read(stored, name + ".bias", device));
    }

    // The prefix under which most is found, so that what is missing is named as the file would name it.
    private static string Prefix(INamedTensors stored, (string Name, long[] Shape)[] required) =>
        _prefixes.MaxBy(p => required.Count(t => stored.Tensors.ContainsKey(StoredName(stored, p + t.Name))))!;

    // Files converted from the original release call the weight of a norm gamma and its bias beta.
    private static string StoredName(INamedTensors stored, string name)
    {
        if (stored.Tensors.ContainsKey(name)) return name;
        string old = name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? name[..^"weight".Length] + "gamma"
            : name.EndsWith("LayerNorm.bias", StringComparison.Ordinal) ? name[..^"bias".Length] + "beta"
            : name;
        return stored.Tensors.ContainsKey(old) ? old : name;
    }
}
