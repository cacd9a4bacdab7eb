// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

/// <summary>Runs a backbone stage by stage and compares each stage that a reference holds.</summary>
internal static class BackboneStages
{
    public static int Check(Backbone backbone, GoldenTensors input, GoldenTensors expected, double tolerance)
    {
        int count = 0;
        foreach ((string prefix, BackboneBatch batch) in Batches(input))
        {
            foreach ((string stage, Tensor value) in Of(backbone, batch))
            {
                if (!expected.Names.Contains(prefix + stage)) continue;
                expected.AssertEqual(prefix + stage, value, tolerance);
                count++;
            }
        }

        return count;
    }

    /// <summary>The largest difference of any stage.</summary>
    public static double Worst(Backbone backbone, GoldenTensors input, GoldenTensors expected)
    {
        double worst = 0;
        foreach ((string prefix, BackboneBatch batch) in Batches(input))
        {
            foreach ((string stage, Tensor value) in Of(backbone, batch))
            {
                if (!expected.Names.Contains(prefix + stage)) continue;
                float[] reference = expected.Values(prefix + stage), actual = TensorData.ToArray(value);
                worst = Math.Max(worst, GoldenTensors.LargestDifference(reference, actual));
            }
        }

        return worst;
    }

    private static IEnumerable<(string Prefix, BackboneBatch Batch)> Batches(GoldenTensors input)
    {
        if (input.Names.Contains("input_ids"))
        {
            Tensor types = input.Tensor("token_type_ids"), mask = input.Tensor("attention_mask");
            return [("", BackboneBatch.Texts(input.Tensor("input_ids"), types, mask))];
        }

        return input.Names.Select(n =>
            (n == "pixel_values" ? "" : n + ".", BackboneBatch.Images(input.Tensor(n)))).ToArray();
    }

    private static IEnumerable<(string Stage, Tensor Value)> Of(Backbone backbone, BackboneBatch batch)
    {
        Trunk trunk = backbone.Trunk;
        Tensor[] states = trunk.HiddenStates(batch);
        Tensor last = states[^1];
        if (trunk.Embedding is ImageEmbedding images)
        {
            Tensor pixels = batch.Pixels!;
            int patch = backbone.Config.PatchSize;
            (int height, int width) = ((int)pixels.size(2) / patch, (int)pixels.size(3) / patch);
            yield return ("positions", images.PositionsFor(height, width));
            yield return ("embeddings", images.Tokens(batch));
            yield return ("pre_norm", states[0]);
        }
        else
        {
            yield return ("embeddings", states[0]);
        }

        for (int i = 1; i < states.Length; i++) yield return ($"block.{i - 1}", states[i]);
        yield return ("final_norm", trunk.Normalize(last));

        BackboneKind kind = backbone.Config.Kind;
        bool pools = kind is BackboneKind.Vit or BackboneKind.Bert && trunk.Pooler is not null;
        Tensor pooled = Pooled(backbone, pools ? BackbonePooling.Pooler : BackbonePooling.ClassToken, last, batch);
        yield return ("pooled", pooled);
        if (trunk.Projection is not null)
        {
            Tensor projected = Pooled(backbone, BackbonePooling.Projection, last, batch);
            yield return ("image_embeds", projected);
            yield return ("image_embeds_normalized", nn.functional.normalize(projected));
        }

        Tensor headInput = kind switch
        {
            BackboneKind.Dinov2 => Pooled(backbone, BackbonePooling.ClassTokenAndMean, last, batch),
            BackboneKind.Clip => Pooled(backbone, BackbonePooling.Mean, last, batch),
            _ => pooled,
        };
        yield return ("classifier_input", headInput);
        if (backbone.Head is { } head) yield return ("logits", head.Apply(headInput));
    }

    private static Tensor Pooled(Backbone backbone, BackbonePooling pooling, Tensor last, BackboneBatch batch) =>
        new TrunkBuilder(backbone.Config, PositionRule.SizeBased, n => backbone.Tensors.GetValueOrDefault(n))
            .Build(pooling).Pool(last, batch.Mask);
}
