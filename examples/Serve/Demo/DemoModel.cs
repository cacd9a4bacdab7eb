// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms;

namespace MemoryServe;

/// <summary>Trains the model of the tour.</summary>
internal static class DemoModel
{
    /// <summary>Fits a visual memory to images and saves it with the schema of its input.</summary>
    public static void Save(ImageSet images, string path)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(images.Rows("Remembering"));
        ITransformer model = mlContext.Transforms.Conversion
            .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = "Id",
                NeighborCount = 10,
            }))
            .Fit(rows);
        mlContext.Model.Save(model, rows.Schema, path);
    }
}
