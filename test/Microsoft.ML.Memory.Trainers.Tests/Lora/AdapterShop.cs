// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.FineTuning;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>Two classifiers that were tuned on one backbone, and a set with both.</summary>
internal sealed class AdapterShop : IDisposable
{
    private static readonly TinyImage[] _test = TinyImages.Draw(9, 5);
    private readonly MLContext _mlContext;

    public AdapterShop(MLContext mlContext, string[]? other = null)
    {
        _mlContext = mlContext;
        LoraOptions options = TinyImages.Options with { EpochCount = 2, TargetModules = ["all-linear"] };
        TinyImage[] others = TinyImages.Draw(24, 2);
        foreach (TinyImage one in others)
            one.Label = other?[Array.IndexOf(TinyImages.Names, one.Label)] ?? one.Label;
        First = TinyImages.Fit(mlContext, Backbone, options, TinyImages.Draw(24, 1));
        Second = TinyImages.Fit(mlContext, Backbone, options with { Seed = 7, Rank = 3 }, others);
        Adapters = new AdapterSet(mlContext, Backbone, options);
        Adapters.Add("first", First);
        Adapters.Add("second", Second);
    }

    public Backbone Backbone { get; } = Backbone.Create(TinyImages.Config, 3);

    public FineTuneTransformer First { get; }

    public FineTuneTransformer Second { get; }

    public AdapterSet Adapters { get; }

    /// <summary>What a model says of the same nine images.</summary>
    public TinyPrediction[] Predict(ITransformer model)
    {
        IDataView scored = model.Transform(_mlContext.Data.LoadFromEnumerable(_test));
        IEstimator<ITransformer> names = _mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel");
        return [.. _mlContext.Data.CreateEnumerable<TinyPrediction>(names.Fit(scored).Transform(scored), false)];
    }

    public void Dispose()
    {
        Adapters.Dispose();
        First.Dispose();
        Second.Dispose();
        Backbone.Dispose();
    }
}
