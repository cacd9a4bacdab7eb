// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>A method on one of the seeded tiny backbones, with a batch to train it on.</summary>
internal sealed class TinyModel : IDisposable
{
    public const int ClassCount = 5;
    private readonly DisposeScope _scope = NewDisposeScope();

    public TinyModel(
        FineTuneOptions options, string set = "methods/backbone", int seed = 1, BackbonePooling? pooling = null,
        TrunkPrecision precision = TrunkPrecision.Single)
    {
        var backboneOptions = new BackboneOptions { Pooling = pooling ?? BackbonePooling.Default };
        Backbone = Backbone.Load(GoldenFiles.PathOf(set), backboneOptions);
        (Batch, Labels) = Read(set);
        Model = new TunedModel(
            Backbone, options.Create(Backbone, new SeededRandom(seed)), ClassCount, new SeededRandom(seed), precision);
    }

    public Backbone Backbone { get; }

    public TunedModel Model { get; }

    public BackboneBatch Batch { get; }

    public Tensor Labels { get; }

    /// <summary>Logits without a graph.</summary>
    public float[] Logits() => Logits(ForwardPass.Plain);

    public float[] Logits(ForwardPass pass)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        return TensorData.ToArray(Model.Logits(Batch, pass));
    }

    /// <summary>Logits of the same head on the untouched trunk.</summary>
    public float[] FrozenLogits()
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] states = Backbone.Trunk.HiddenStates(Batch);
        return TensorData.ToArray(Model.Head.Apply(Backbone.Trunk.Pool(states[^1], Batch.Mask)));
    }

    /// <summary>Mean cross-entropy of the logits, in double precision.</summary>
    public double Loss()
    {
        float[] logits = Logits();
        float[] labels = TensorData.ToArray(Labels.to_type(float32));
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> scores = logits.AsSpan(row * ClassCount, ClassCount);
            double total = 0;
            foreach (float score in scores) total += Math.Exp(score);
            sum += Math.Log(total) - scores[(int)labels[row]];
        }

        return sum / labels.Length;
    }

    /// <summary>Takes steps of AdamW on the one batch.</summary>
    public double Train(int steps, double rate = 1e-2, Generator? dropout = null, GradientCheck? check = null)
    {
        using var optimizer = new AdamW(Model.Tensors, 0);
        double loss = 0;
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.ClearGradients();
            loss = GradientStep.Plain.Run(Model, Batch, Labels, dropout).item<float>();
            check?.Observe();
            optimizer.Step(rate);
        }

        return loss;
    }

    /// <summary>Moves every trained tensor away from its first values.</summary>
    public void Disturb(double deviation = 0.1, int seed = 7)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var random = new SeededRandom(seed);
        foreach (TrainedTensor trained in Model.Tensors)
        {
            Tensor noise = TensorInit.Normal(random, trained.Tensor.shape, deviation, CPU);
            trained.Tensor.add_(noise);
        }
    }

    /// <summary>All values of the backbone's own tensors.</summary>
    public float[][] BackboneValues() => [.. Backbone.Tensors.Values.Select(TensorData.ToArray)];

    public void Dispose()
    {
        Model.Dispose();
        Backbone.Dispose();
        _scope.Dispose();
    }

    private static (BackboneBatch Batch, Tensor Labels) Read(string set)
    {
        if (set == "methods/backbone")
        {
            using GoldenTensors images = GoldenTensors.Open("methods/batch.safetensors");
            return (BackboneBatch.Images(images.Tensor("pixel_values")), images.Tensor("labels"));
        }

        using GoldenTensors input = GoldenTensors.Open($"{set}/input.safetensors");
        if (!input.Names.Contains("input_ids"))
        {
            Tensor pixels = input.Tensor(input.Names.First());
            return (BackboneBatch.Images(pixels), LabelsFor(pixels.size(0)));
        }

        Tensor ids = input.Tensor("input_ids");
        var texts = BackboneBatch.Texts(ids, input.Tensor("token_type_ids"), input.Tensor("attention_mask"));
        return (texts, LabelsFor(ids.size(0)));
    }

    private static Tensor LabelsFor(long count) =>
        TensorData.From([.. Enumerable.Range(0, (int)count).Select(i => (long)i % ClassCount)], [count]);
}
