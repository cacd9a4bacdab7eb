// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace FineTuningExample;

/// <summary>Makes a small backbone: all weights of a random one, trained on upright digits.</summary>
internal static class Pretraining
{
    /// <summary>Tensors of a checkpoint that belong to the model as it is, not to the optimizer.</summary>
    private const string Current = "current.";
    private const string Head = Current + "head.";

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
        Directory.CreateDirectory(folder);
        string checkpoint = Path.Combine(folder, "pretraining.safetensors");
        File.Delete(checkpoint);

        using Backbone random = Backbone.Create(_config, seed: 1);
        using FineTuneTransformer model = mlContext.MulticlassClassification.Trainers.FineTune(
            random,
            new FullFineTuneOptions
            {
                Image = ImagePresets.Vit,
                EpochCount = 12,
                LearningRate = 1e-3,
                CheckpointPath = checkpoint,
            }).Fit(train);

        // The checkpoint of a full fine-tuning has every weight, under the name that it has in a backbone's file.
        using (SafetensorsFile trained = SafetensorsFile.Open(checkpoint))
        {
            var weights = new SafetensorsWriter();
            foreach ((string name, TensorEntry entry) in trained.Tensors)
            {
                if (!name.StartsWith(Current, StringComparison.Ordinal)) continue;
                if (name.StartsWith(Head, StringComparison.Ordinal)) continue;
                weights.Add(name[Current.Length..], entry.Shape, trained.ReadSingles(name));
            }

            weights.Save(Path.Combine(folder, "model.safetensors"));
            File.WriteAllText(Path.Combine(folder, "config.json"), _config.ToJson());
        }

        File.Delete(checkpoint);
        return model.Model.Report;
    }
}
