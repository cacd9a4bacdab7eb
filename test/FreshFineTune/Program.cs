// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// FreshFineTune MODEL INPUT: loads a model, registering nothing, and prints label and scores of each row of a file.
var mlContext = new MLContext(seed: 0);
ITransformer model = mlContext.Model.Load(args[0], out _);
Row[] rows = [.. File.ReadLines(args[1]).Select(Row.Parse)];
IDataView predictions = model.Transform(mlContext.Data.LoadFromEnumerable(rows));
foreach (Prediction row in mlContext.Data.CreateEnumerable<Prediction>(predictions, reuseRowObject: false))
    Console.WriteLine($"{row.PredictedLabel} {Bits(row.Score)}");

static string Bits(float[] values) => string.Join(' ', values.Select(BitConverter.SingleToUInt32Bits));

internal sealed class Row
{
    public string Label { get; set; } = "";

    [VectorType(64)]
    public float[] Features { get; set; } = [];

    public static Row Parse(string line) => new()
    {
        Features = [.. line.Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))],
    };
}

internal sealed class Prediction
{
    public string? PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
