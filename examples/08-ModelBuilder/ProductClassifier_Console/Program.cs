// Licensed under the MIT License. See LICENSE in the project root for license information.

// What ML.NET Model Builder writes for a console app, but for the first step: the model file is no part of a
// repository, so it is trained where it is missing. The last step calls what the tool leaves to the reader.
using Microsoft.ML;
using ProductCatalog;

const string modelPath = "ProductClassifier.mlnet";
string dataPath = Path.Combine(AppContext.BaseDirectory, ProductClassifier.RetrainFilePath);
if (!File.Exists(modelPath) || args.Contains("--train"))
{
    ProductClassifier.Train(modelPath, dataPath);
}

// Create single instance of sample data from first line of dataset for model input
ProductClassifier.ModelInput sampleData = new ProductClassifier.ModelInput()
{
    Length = 60.8F,
    Diameter = 5.6F,
    Weight = 11.5F,
    Price = 0.11F,
    Voltage = 0F,
};

// Make a single prediction on the sample data and print results.
var sortedScoresWithLabel = ProductClassifier.PredictAllLabels(sampleData);

Console.WriteLine($"Length: {60.8F}");
Console.WriteLine($"Diameter: {5.6F}");
Console.WriteLine($"Weight: {11.5F}");
Console.WriteLine($"Price: {0.11F}");
Console.WriteLine($"Voltage: {0F}");
Console.WriteLine($"Category: {@"bolt"}\n");
Console.WriteLine($"{"Class",-40}{"Score",-20}");
Console.WriteLine($"{"-----",-40}{"-----",-20}");
foreach (var score in sortedScoresWithLabel)
{
    Console.WriteLine($"{score.Key,-40}{score.Value,-20}");
}

MLContext mlContext = new MLContext(seed: 1);
IDataView data = ProductClassifier.LoadIDataViewFromFile(mlContext, dataPath,
    ProductClassifier.RetrainSeparatorChar, ProductClassifier.RetrainHasHeader,
    ProductClassifier.RetrainAllowQuoting);
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2, seed: 1);
ITransformer model = ProductClassifier.RetrainModel(mlContext, split.TrainSet);
var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet), labelColumnName: "Category");
Console.WriteLine($"\nAccuracy on a held-out fifth: {metrics.MicroAccuracy:P1}. What it rests on:");
foreach ((string feature, double importance) in
    ProductClassifier.CalculatePFI(mlContext, split.TestSet, model, "Category").Select(t => (t.Item1, t.Item2)))
{
    Console.WriteLine($"{feature,-40}{importance,-20:0.000}");
}

return metrics.MicroAccuracy >= 0.9 ? 0 : 1;
