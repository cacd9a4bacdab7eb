// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Writes an adapter folder as PEFT does.</summary>
internal static class LoraAdapterWriter
{
    public const string Root = "base_model.model.";
    public const string BaseLayer = ".base_layer";

    public static void Write(
        string folder, LoraAdapterConfig config, string prefix, IEnumerable<KeyValuePair<string, LowRankTerm>> terms,
        IReadOnlyDictionary<string, Tensor> replaced, LinearLayer? head)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);

        var writer = new SafetensorsWriter { Metadata = { ["format"] = "pt" } };
        var adapted = new HashSet<string>();
        foreach ((string layer, LowRankTerm term) in terms)
        {
            adapted.Add(layer);
            Add(writer, Root + prefix + layer + LowRankTerm.DownName, term.Down);
            Add(writer, Root + prefix + layer + LowRankTerm.UpName, term.Up);
        }

        foreach ((string name, Tensor tensor) in replaced)
        {
            string module = LoraLayers.ModuleOf(name);
            string inner = adapted.Contains(module) ? BaseLayer : "";
            Add(writer, Root + prefix + module + inner + name[module.Length..], tensor);
        }

        AddHead(writer, config, head);
        Draft.WriteFolder(folder, target =>
        {
            writer.Save(Path.Combine(target, LoraAdapter.TensorsName));
            Draft.WriteText(Path.Combine(target, LoraAdapter.ConfigName), config.ToJson());
        });
    }

    private static void AddHead(SafetensorsWriter writer, LoraAdapterConfig config, LinearLayer? head)
    {
        if (head is null) return;
        string name = LoraLayers.Heads.FirstOrDefault(config.IsSaved) ?? LoraLayers.Heads[0];
        // A config that trains all biases but saves no head has the head's bias alone in the file.
        if (config.IsSaved(name)) Add(writer, $"{Root}{name}.weight", head.Weight);
        if (head.Bias is not null && (config.IsSaved(name) || config.Bias == LoraBiasKind.All))
            Add(writer, $"{Root}{name}.bias", head.Bias);
    }

    private static void Add(SafetensorsWriter writer, string name, Tensor tensor) =>
        writer.Add(name, tensor.shape, TensorData.ToArray(tensor));
}
