// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Makes backbones of random weights.</summary>
internal static class BackboneFactory
{
    private const double Deviation = 0.02;

    public static Backbone Create(BackboneConfig config, long seed, BackboneOptions options)
    {
        using var scope = NewDisposeScope();
        var random = new SeededRandom(seed);
        Device device = DeviceNames.Find(options.Device, "BackboneOptions.Device");
        // The pooler of a ViT is left out unless it is asked for, as in a classifier.
        bool whole = config.Kind != BackboneKind.Vit || options.Pooling == BackbonePooling.Pooler;
        var tensors = BackboneTensors.Required(config)
            .Concat(whole ? BackboneTensors.Optional(config) : [])
            .ToDictionary(t => t.Name, t => First(t.Name, t.Shape, random, device));
        return new Backbone(config, options, tensors, $"random weights of seed {seed}");
    }

    private static Tensor First(string name, long[] shape, SeededRandom random, Device device)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal)) return zeros(shape, float32, device);
        bool scales = shape.Length == 1
            && (name.EndsWith(".weight", StringComparison.Ordinal)
                || name.EndsWith(".lambda1", StringComparison.Ordinal));
        return scales ? ones(shape, float32, device) : TensorInit.TruncatedNormal(random, shape, Deviation, device);
    }
}
