// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.MemoryUse;

/// <summary>A small ViT with random weights: images of 32 x 32 in patches of 4, so 65 tokens.</summary>
internal static class MicroVit
{
    public static Backbone Create(int width, int heads, int blocks)
    {
        using var scope = NewDisposeScope();
        var config = new BackboneConfig
        {
            HiddenSize = width,
            HeadCount = heads,
            LayerCount = blocks,
            IntermediateSize = 4 * width,
            PatchSize = 4,
            ImageSize = 32,
        };
        var random = new SeededRandom(3);
        Dictionary<string, Tensor> tensors = BackboneTensors.Required(config).ToDictionary(
            t => t.Name, t => TensorInit.Normal(random, t.Shape, 0.1, CPU));
        return new Backbone(config, new BackboneOptions(), tensors, "random");
    }

    public static BackboneBatch Batch(int count) => BackboneBatch.Images(
        TensorInit.Normal(new SeededRandom(4), [count, 3, 32, 32], 1, CPU));
}
