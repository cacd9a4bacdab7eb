// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace OnnxEncoderExample;

/// <summary>Remembers few digits by what a pretrained network sees in them, and recognises moved ones.</summary>
internal sealed class Program(MLContext mlContext, DemoOptions options, DemoImages images)
{
    private const int Moved = 2;

    private readonly ImageSet _memory = images.Memory.Take(options.IsQuick ? 500 : 2000);
    private readonly ImageSet _queries = MovedImages.Of(images.Queries.Take(options.IsQuick ? 500 : 2000), Moved);
    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, (options, images) => new Program(new MLContext(seed: 1), options, images).Run());

    private int Run()
    {
        EmbedOnnxOptions network = Network();
        Console.WriteLine(
            $"{_memory.Count:N0} images remembered, {_queries.Count:N0} moved by {Moved} pixels asked: "
            + $"{images.Source}.");
        double pixels = Accuracy(Pipeline(null).Fit(View(_memory)));
        using var model = new Disposing(Pipeline(network).Fit(View(_memory)));
        double features = Accuracy(model.Transformer);
        _checks.Add(
            $"1. {features:P1} are recognised by the features of {Named(network)}, {pixels:P1} by pixels",
            features > pixels);
        RefuseAnother(network);
        SaveAndLoad(model.Transformer, features);
        return _checks.Finish();
    }

    /// <summary>A real network where there is one; its last layer is cut off.</summary>
    private EmbedOnnxOptions Network()
    {
        var common = new EmbedOnnxOptions
        {
            InputColumnName = "Features",
            OutputColumnName = "Code",
            Image = ImagePresets.Raw,
        };
        string? file = options.IsDrawn ? null : NetworkFile.Find();
        return file is null
            ? common with { ModelBytes = EdgeNetwork.Write() }
            : common with { ModelFile = file, OutputTensor = "Pooling160_Output_0_reshape0" };
    }

    /// <summary>A memory behind another encoder would compare what cannot be compared.</summary>
    private void RefuseAnother(EmbedOnnxOptions network)
    {
        using EmbedOnnxTransformer encoder = mlContext.Transforms.EmbedOnnx(network).Fit(View(_memory));
        using EmbedOnnxTransformer other = mlContext.Transforms
            .EmbedOnnx(network with { Normalize = true }).Fit(View(_memory));
        NearestNeighborsTransformer memory = mlContext.Transforms.NearestNeighbors("Code")
            .Fit(encoder.Transform(View(_memory)));
        string said = "nothing was said";
        try
        {
            memory.Transform(other.Transform(View(_queries)));
        }
        catch (ArgumentException error)
        {
            said = error.Message;
        }

        Console.WriteLine($"2. Behind another encoder: {said}");
        _checks.Add(
            $"3. The memory keeps to encoder {encoder.EncoderFingerprint[..12]}...",
            said.Contains("fingerprint", StringComparison.Ordinal));
    }

    private void SaveAndLoad(ITransformer model, double expected)
    {
        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, "encoder.zip");
        mlContext.Model.Save(model, View(_memory).Schema, path);
        using var loaded = new Disposing(mlContext.Model.Load(path, out _));
        _checks.Add(
            $"4. Saved {path} ({new FileInfo(path).Length / 1e6:F1} MB), network included, and loaded it",
            Accuracy(loaded.Transformer) == expected);
    }

    private IEstimator<ITransformer> Pipeline(EmbedOnnxOptions? network)
    {
        IEstimator<ITransformer> labels = mlContext.Transforms.Conversion.MapValueToKey("Label");
        VisualMemoryOptions memory = new()
        {
            FeatureColumnName = network is null ? "Features" : network.OutputColumnName,
            NeighborCount = 5,
        };
        IEstimator<ITransformer> encoded = network is null
            ? labels
            : labels.Append(mlContext.Transforms.EmbedOnnx(network));
        return encoded.Append(mlContext.MulticlassClassification.Trainers.VisualMemory(memory))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Label"));
    }

    private double Accuracy(ITransformer model) => mlContext.Data
        .CreateEnumerable<Recognised>(model.Transform(View(_queries)), reuseRowObject: false)
        .Average(row => row.PredictedLabel == row.Label ? 1.0 : 0);

    private IDataView View(ImageSet set) => mlContext.Data.LoadFromEnumerable(set.Rows("Reading"));

    private static string Named(EmbedOnnxOptions network)
        => network.ModelFile is { } file ? Path.GetFileName(file) : "an edge network";
}
