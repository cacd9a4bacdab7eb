// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

// FreshProcess MODEL INPUT: loads a model, registering nothing, and prints what it says of each row of a text file:
// label and scores, the score where it is a single number, or ids, distances and labels of neighbours. Behind features
// and a bar comes the label of a row.
// FreshProcess empty FOLDER: runs every graph of a folder on no rows and prints its name and the shapes it gives.
if (args[0] == "empty")
{
    foreach (string path in Directory.GetFiles(args[1], "*.onnx").Order(StringComparer.Ordinal))
        Console.WriteLine($"{Path.GetFileName(path)} {Empty(path)}");
    return;
}

var mlContext = new MLContext(seed: 0);
ITransformer model = mlContext.Model.Load(args[0], out _);
Row[] rows = [.. File.ReadLines(args[1]).Select(Row.Parse)];
IDataView predictions = model.Transform(mlContext.Data.LoadFromEnumerable(rows));
if (predictions.Schema.GetColumnOrNull("Score")?.Type == NumberDataViewType.Single)
{
    foreach (float score in predictions.GetColumn<float>("Score")) Console.WriteLine(Bits([score]));
    return;
}

foreach (Prediction row in mlContext.Data.CreateEnumerable<Prediction>(
    predictions, reuseRowObject: false, ignoreMissingColumns: true))
{
    string ids = string.Join(' ', row.NeighborIds), labels = string.Join(' ', row.NeighborLabel);
    Console.WriteLine(
        row.PredictedLabel is { } label
            ? $"{label} {Bits(row.Score)}"
            : $"{ids} {Bits(row.NeighborDistances)} {labels}");
}

static string Empty(string path)
{
    using var session = new InferenceSession(path);
    using var options = new RunOptions();
    OrtValue[] inputs =
    [
        .. session.InputNames.Select(name =>
        {
            // A free dimension behind that of the rows is a number of tokens.
            long[] shape = [0, .. session.InputMetadata[name].Dimensions.Skip(1).Select(size => size < 0 ? 3L : size)];
            return session.InputMetadata[name].ElementType == typeof(long)
                ? OrtValue.CreateTensorValueFromMemory(Array.Empty<long>(), shape)
                : OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), shape);
        }),
    ];
    using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
        options, [.. session.InputNames], inputs, session.OutputNames);
    foreach (OrtValue input in inputs) input.Dispose();
    return string.Join(' ', session.OutputNames.Zip(outputs).Select(
        pair => $"{pair.First}[{string.Join(',', pair.Second.GetTensorTypeAndShape().Shape)}]"));
}

static string Bits(float[] values) => string.Join(' ', values.Select(BitConverter.SingleToUInt32Bits));

internal sealed class Row
{
    public string Label { get; set; } = "";

    [VectorType(3)]
    public float[] Features { get; set; } = [];

    public static Row Parse(string line) => new()
    {
        Label = line.Contains('|') ? line[(line.IndexOf('|') + 1)..] : "",
        Features =
            [.. line.Split('|')[0].Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))],
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
