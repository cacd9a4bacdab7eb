// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// FreshProcess MODEL INPUT: loads a model, registering nothing, and prints what it says of each row of a text file:
// label and scores, or ids, distances and labels of neighbours.
var mlContext = new MLContext(seed: 0);
ITransformer model = mlContext.Model.Load(args[0], out _);
Row[] rows = [.. File.ReadLines(args[1]).Select(Row.Parse)];
IDataView predictions = model.Transform(mlContext.Data.LoadFromEnumerable(rows));
foreach (Prediction row in mlContext.Data.CreateEnumerable<Prediction>(
    predictions, reuseRowObject: false, ignoreMissingColumns: true))
{
    string ids = string.Join(' ', row.NeighborIds), labels = string.Join(' ', row.NeighborLabel);
    Console.WriteLine(
        row.PredictedLabel is { } label
            ? $"{label} {Bits(row.Score)}"
            : $"{ids} {Bits(row.NeighborDistances)} {labels}");
}

static string Bits(float[] values) => string.Join(' ', values.Select(BitConverter.SingleToUInt32Bits));

internal sealed class Row
{
    public string Label { get; set; } = "";

    [VectorType(3)]
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

    public long[] NeighborIds { get; set; } = [];

    public float[] NeighborDistances { get; set; } = [];

    public string[] NeighborLabel { get; set; } = [];
}
