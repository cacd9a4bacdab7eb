// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using TorchSharp;

namespace FineTuningExample;

/// <summary>Pretrains a small backbone on drawn digits, then adapts it to a shifted task with few examples.</summary>
internal sealed class Program(MLContext mlContext, string folder, bool isQuick)
{
    private const int TrainingCount = 500;

    private readonly Checks _checks = new();
    private readonly int _pretrainingCount = isQuick ? 1500 : 3000;
    private readonly ImageSet _images = ShiftedDigits.Draw(TrainingCount, seed: 3);
    private readonly ImageSet _queries = ShiftedDigits.Draw(isQuick ? 300 : 1000, seed: 4);

    private static int Main(string[] arguments)
    {
        if (WhyTorchIsMissing() is { } reason)
        {
            Console.WriteLine($"This example needs libtorch, which cannot be loaded here: {reason}.");
            return 0;
        }

        string usual = Path.Combine("artifacts", "demo", "fine-tuning");
        string folder = arguments is ["--out", var given, ..] ? given : usual;
        return new Program(new MLContext(seed: 1), folder, arguments.Contains("--quick")).Run();
    }

    private static string? WhyTorchIsMissing()
    {
        try
        {
            using torch.Tensor one = torch.zeros(1);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException
            or NotSupportedException)
        {
            return (error.InnerException ?? error).Message.ReplaceLineEndings(". ").Split(". ")[0].TrimEnd('.');
        }
    }

    private int Run()
    {
        IDataView upright = Keyed(DrawnDigits.Draw(_pretrainingCount, seed: 1));
        FineTuneReport pretraining = Pretraining.Run(mlContext, upright, folder);
        using Backbone backbone = Backbone.Load(folder);
        Console.WriteLine(
            $"1. Pretrained {backbone.ParameterCount:N0} weights on {_pretrainingCount:N0} drawn digits, upright and "
            + $"light on dark: loss {pretraining.Epochs[0].Loss:F2}, then {pretraining.Epochs[^1].Loss:F2}; saved.");
        Console.WriteLine(
            $"2. The task: digits turned by 90 degrees, dark on light; {TrainingCount} of them to learn from.");
        Console.WriteLine("   method                accuracy   trained   activations kept, of full fine-tuning's");

        double probe = Adapt(backbone, "linear probe", new LinearProbeOptions()).Accuracy;
        double queries = Adapt(backbone, "VQT, a readout", new VqtOptions { QueryCount = 4 }).Accuracy;
        (double lora, ITransformer model) = Adapt(backbone, "LoRA", new LoraOptions { Rank = 16, Alpha = 16 });
        _checks.Add("3. LoRA adapts better than a linear probe", lora > probe);
        _checks.Add("4. VQT reads no less from the same frozen backbone", queries >= probe);
        SaveAndPredict(model);
        return _checks.Finish();
    }

    /// <summary>Trains by one method; prints what it came to.</summary>
    private (double Accuracy, ITransformer Model) Adapt(Backbone backbone, string name, FineTuneOptions method)
    {
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.FineTune(
                backbone, method with { Image = ImagePresets.Vit, EpochCount = isQuick ? 8 : 20 }));
        TransformerChain<FineTuneTransformer> model = pipeline.Fit(View(_images));
        double accuracy = mlContext.MulticlassClassification.Evaluate(model.Transform(View(_queries))).MicroAccuracy;
        FineTuneReport report = model.LastTransformer.Model.Report;
        Console.WriteLine(
            $"   {name,-20} {accuracy,9:P1} {report.TrainedParameters,9:N0} {report.ActivationShare,9:P1}");
        return (accuracy, model);
    }

    /// <summary>Saves what was trained, with a reference to the backbone's folder, and predicts one image.</summary>
    private void SaveAndPredict(ITransformer tuned)
    {
        IDataView rows = View(_queries);
        ITransformer model = tuned.Append(
            mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(tuned.Transform(rows)));
        string path = Path.Combine(folder, "lora.zip");
        mlContext.Model.Save(model, rows.Schema, path);

        ITransformer loaded = mlContext.Model.Load(path, out _);
        var engine = mlContext.Model.CreatePredictionEngine<ImageRow, Prediction>(loaded);
        ImageRow image = _queries.Rows("One image", [0]).Single();
        Prediction prediction = engine.Predict(image);
        Prediction before = mlContext.Model.CreatePredictionEngine<ImageRow, Prediction>(model).Predict(image);
        _checks.Add(
            $"5. Saved {path} ({new FileInfo(path).Length / 1e3:F0} kB), loaded it: an image of a {image.Label} is "
            + $"a {prediction.PredictedLabel} with {prediction.Score.Max():P0}",
            prediction.PredictedLabel == before.PredictedLabel);
    }

    private IDataView Keyed(ImageSet images)
    {
        IDataView rows = View(images);
        return mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    private IDataView View(ImageSet images) => mlContext.Data.LoadFromEnumerable(images.Rows("Reading"));
}
