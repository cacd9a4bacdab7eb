// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms;

namespace MemoryServe;

/// <summary>Trains and saves the small models that the tests serve.</summary>
internal static class TestModels
{
    public const int Dimension = 8;

    private static readonly string[] _classes = ["ash", "birch", "cedar"];

    /// <summary>Gives rows around one point a class.</summary>
    public static IReadOnlyList<TestRow> Rows(int count, int seed, int firstId = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => new TestRow
        {
            Id = firstId + index,
            Label = _classes[index % _classes.Length],
            Features = [.. Enumerable.Range(0, Dimension)
                .Select(place => (place % _classes.Length == index % _classes.Length ? 1f : 0f)
                    + (random.NextSingle() / 2))],
        })];
    }

    /// <summary>Gives rows between the classes, whose scores tell one model from another.</summary>
    public static IReadOnlyList<TestRow> MixedRows(int count, int seed)
    {
        var random = new Random(seed);
        IReadOnlyList<TestRow> rows = Rows(count, seed);
        foreach (TestRow row in rows)
        {
            for (int place = 0; place < Dimension; place++) row.Features[place] = random.NextSingle();
        }

        return rows;
    }

    /// <summary>Saves a visual memory, its label mapped from texts and back.</summary>
    public static void SaveVisual(string path, int seed = 1, int count = 60, bool numbersItself = false)
    {
        var mlContext = new MLContext(seed: 1);
        IEstimator<ITransformer> pipeline = mlContext.Transforms.Conversion
            .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = numbersItself ? null : "Id",
                NeighborCount = 5,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));
        Save(mlContext, pipeline, Rows(count, seed), path);
    }

    /// <summary>Saves an adaptive memory that remembers every row it is sure of.</summary>
    public static void SaveAdaptive(string path)
    {
        var mlContext = new MLContext(seed: 1);
        IEstimator<ITransformer> pipeline = mlContext.Transforms.Conversion
            .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.AdaNpc(new AdaNpcOptions
            {
                NeighborCount = 5,
                ConfidenceThreshold = 0,
            }));
        Save(mlContext, pipeline, Rows(60, seed: 1), path);
    }

    /// <summary>Saves a memory of codes.</summary>
    public static void SaveCompressed(string path)
    {
        var mlContext = new MLContext(seed: 1);
        IEstimator<ITransformer> pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.CompressedMemory(new CompressedMemoryOptions
            {
                CodeCount = 8,
                IdColumnName = "Id",
            }));
        Save(mlContext, pipeline, Rows(60, seed: 1), path);
    }

    /// <summary>Gives a row as a request has it.</summary>
    public static JsonObject Json(TestRow row, bool isExample = false)
    {
        var json = new JsonObject
        {
            ["Features"] = new JsonArray([.. row.Features.Select(value => JsonValue.Create(value))]),
        };
        if (!isExample) return json;
        json["Label"] = row.Label;
        json["Id"] = row.Id;
        return json;
    }

    /// <summary>Gives rows as a request of many has them.</summary>
    public static JsonObject Json(IEnumerable<TestRow> rows, bool areExamples = false)
        => new() { ["rows"] = new JsonArray([.. rows.Select(row => Json(row, areExamples))]) };

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Save(
        MLContext mlContext, IEstimator<ITransformer> pipeline, IReadOnlyList<TestRow> rows, string path)
    {
        IDataView data = mlContext.Data.LoadFromEnumerable(rows);
        mlContext.Model.Save(pipeline.Fit(data), data.Schema, path);
    }
}
