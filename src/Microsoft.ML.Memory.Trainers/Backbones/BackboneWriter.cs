// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Writes a backbone under the names that its kind has in public checkpoints.</summary>
internal static class BackboneWriter
{
    public static void Write(Backbone backbone, string folder)
        => Draft.WriteFolder(folder, target => WriteFiles(backbone, target));

    private static void WriteFiles(Backbone backbone, string folder)
    {
        var writer = new SafetensorsWriter();
        // A classifier's own file has the tensors of its trunk under the trunk's name.
        string prefix = backbone.Head is null ? "" : BackboneNames.Of(backbone.Config).Prefix;
        foreach ((string name, Tensor tensor) in backbone.Tensors) Add(writer, prefix + name, tensor);
        if (backbone.Head is { } head)
        {
            Add(writer, head.Name + ".weight", head.Weight);
            if (head.Bias is { } bias) Add(writer, head.Name + ".bias", bias);
        }

        writer.Metadata["format"] = "pt";
        writer.Save(Path.Combine(folder, "model.safetensors"));
        // Names of classes say that there is a head.
        BackboneConfig config = backbone.Head is null ? backbone.Config with { Labels = [] } : backbone.Config;
        Draft.WriteText(Path.Combine(folder, "config.json"), config.ToJson());
    }

    private static void Add(SafetensorsWriter writer, string name, Tensor tensor) =>
        writer.Add(name, TensorDtype.Float32, tensor.shape, stream =>
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        });
}
