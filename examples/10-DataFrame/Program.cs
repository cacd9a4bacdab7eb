// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace DataFrameExample;

/// <summary>A table in, a table out: goods from a csv file, and the file again with what a memory makes of them.
/// </summary>
internal sealed class Program(MLContext mlContext, DemoOptions options)
{
    private const int AllRows = -1; // ToDataFrame takes the first 100 otherwise

    private static readonly string[] _numbers = ["Length", "Diameter", "Weight", "Price", "Voltage"];

    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, options => new Program(new MLContext(seed: 1), options).Run());

    private int Run()
    {
        DataFrame goods = DataFrame.LoadCsv(Path.Combine(AppContext.BaseDirectory, "products.csv"));
        Console.WriteLine($"{goods.Rows.Count} goods with {goods.Columns.Count} columns:");
        Console.WriteLine(goods.Head(3));

        DataOperationsCatalog.TrainTestData parts = mlContext.Data.TrainTestSplit(goods, testFraction: 0.2, seed: 1);
        ITransformer model = mlContext.Transforms.Concatenate("Features", _numbers)
            .Append(mlContext.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label", "Category"))
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 5))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(parts.TrainSet);

        // Vectors and keys have no place in a data frame: the columns that are kept are named.
        DataFrame answers = model.Transform(parts.TestSet)
            .ToDataFrame(AllRows, ["Length", "Weight", "Price", "Category", "PredictedLabel"]);
        PrimitiveDataFrameColumn<bool> isRight
            = answers["Category"].ElementwiseEquals(answers["PredictedLabel"]);
        isRight.SetName("IsRight");
        answers.Columns.Add(isRight);
        long right = answers.Filter(isRight).Rows.Count;
        long largest = answers["Category"].ValueCounts()["Counts"].Cast<long>().Max();
        _checks.Add(
            $"1. {right} of {answers.Rows.Count} held-out goods are right; {largest} would be by the largest category",
            right > 0.85 * answers.Rows.Count && right > largest);

        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, "answers.csv");
        DataFrame.SaveCsv(answers, path);
        DataFrame again = DataFrame.LoadCsv(path);
        bool isSame = again["PredictedLabel"].ElementwiseEquals(answers["PredictedLabel"]).All(equal => equal == true);
        _checks.Add($"2. Saved {path} and read {again.Rows.Count} rows again", isSame);
        return _checks.Finish();
    }
}
