// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace FineTuningExample;

/// <summary>Makes a small backbone: all weights of a random one, trained on upright digits.</summary>
internal static class Pretraining
{
    private static readonly BackboneConfig _config = new()
    {
        HiddenSize = 64,
        LayerCount = 4,
        HeadCount = 4,
        IntermediateSize = 256,
        PatchSize = 7,
        ImageSize = ImageSet.Side,
        ChannelCount = 1,
        LayerNormEpsilon = 1e-6,
    };

    /// <summary>Trains and writes a folder in HuggingFace's layout.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="train">Rows with a key <c>Label</c>.</param>
    /// <param name="folder">Is written anew.</param>
    /// <returns>How the training went.</returns>
    public static FineTuneReport Run(MLContext mlContext, IDataView train, string folder)
    {
        using Backbone random = Backbone.Create(_config, seed: 1);
        using FineTuneTransformer model = mlContext.MulticlassClassification.Trainers.FineTune(
            random,
            new FullFineTuneOptions
            {
                Image = ImagePresets.Vit,
                EpochCount = 12,
                LearningRate = 1e-3,
            }).Fit(train);

        using Backbone pretrained = model.Model.ToBackbone();
        pretrained.Save(folder);
        return model.Model.Report;
    }
}
