// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>One tuning method against its reference: logits, loss, gradients, and three steps of AdamW.</summary>
internal sealed class MethodGolden : IDisposable
{
    private const double LogitTolerance = 1e-4;
    private const double LossTolerance = 1e-5;
    private const double StepTolerance = 1e-3;
    private const double LearningRate = 1e-2;
    private const double Decay = 0.01;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder;
    private readonly Func<string, string> _goldenName;
    private readonly GoldenTensors _expected;
    private readonly JsonElement _method;
    private readonly BackboneBatch _batch;
    private readonly Tensor _labels;

    /// <param name="name">Folder of the reference.</param>
    /// <param name="create">Makes the method.</param>
    /// <param name="goldenName">The reference's name for a trained tensor; null where they are the same.</param>
    public MethodGolden(string name, Func<Backbone, Memory.Tuning> create, Func<string, string>? goldenName = null)
    {
        _folder = $"methods/{name}";
        _goldenName = goldenName ?? (n => n);
        Backbone = Backbone.Load(GoldenFiles.PathOf("methods/backbone"));
        _expected = GoldenTensors.Open($"{_folder}/expected.safetensors");
        _method = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf($"{_folder}/method.json"))).RootElement;
        using GoldenTensors batch = GoldenTensors.Open("methods/batch.safetensors");
        _batch = BackboneBatch.Images(batch.Tensor("pixel_values"));
        _labels = batch.Tensor("labels");
        Model = new TunedModel(Backbone, create(Backbone), 5, new SeededRandom(1));
        TakeFirstValues();
    }

    public Backbone Backbone { get; }

    public TunedModel Model { get; }

    public BackboneBatch Batch => _batch;

    public Tensor Labels => _labels;

    /// <summary>How gradients are computed.</summary>
    public GradientStep Step { get; init; } = GradientStep.Plain;

    public GoldenTensors Expected => _expected;

    /// <summary>Compares everything but intermediate values.</summary>
    public void Check()
    {
        CheckDecay();
        using var optimizer = new AdamW(Model.Tensors, Decay);
        double[] losses = [.. _method.GetProperty("losses").EnumerateArray().Select(l => l.GetDouble())];
        for (int step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            if (step == 0) CheckLogits();
            optimizer.ClearGradients();
            Tensor loss = Step.Run(Model, _batch, _labels, null);
            Assert.AreEqual(losses[step], loss.item<float>(), LossTolerance, $"loss before step {step + 1}");
            if (step == 0) CheckGradients();
            optimizer.Step(LearningRate);
        }

        CheckAfterSteps(losses[3]);
    }

    public void Dispose()
    {
        Model.Dispose();
        Backbone.Dispose();
        _expected.Dispose();
        _scope.Dispose();
    }

    public void CheckGradients()
    {
        foreach (TrainedTensor trained in Model.Tensors)
        {
            string name = "grad." + _goldenName(trained.Name);
            float[] reference = _expected.Values(name);
            double tolerance = 1e-5 + (1e-4 * reference.Max(Math.Abs));
            _expected.AssertEqual(name, trained.Tensor.grad!, tolerance);
        }
    }

    private void CheckLogits()
    {
        using IDisposable frozen = no_grad();
        _expected.AssertEqual("logits", Model.Logits(_batch, ForwardPass.Plain), LogitTolerance);
    }

    private void CheckAfterSteps(double lastLoss)
    {
        using IDisposable frozen = no_grad();
        string[] meaningless = Listed("zero_gradient");
        foreach (TrainedTensor trained in Model.Tensors.Where(t => !meaningless.Contains(_goldenName(t.Name))))
            _expected.AssertEqual("after3." + _goldenName(trained.Name), trained.Tensor, StepTolerance);
        if (meaningless.Length > 0) return; // their values after a step mean nothing, and so do the logits
        Tensor logits = Model.Logits(_batch, ForwardPass.Plain);
        _expected.AssertEqual("logits_after_3_steps", logits, StepTolerance);
        Assert.AreEqual(lastLoss, nn.functional.cross_entropy(logits, _labels).item<float>(), StepTolerance);
    }

    private void CheckDecay()
    {
        string[] trained = [.. Model.Tensors.Select(t => _goldenName(t.Name))];
        string[] decayed = [.. Model.Tensors.Where(t => t.Decayed).Select(t => _goldenName(t.Name))];
        CollectionAssert.AreEquivalent(Listed("decayed"), decayed, "tensors with weight decay");
        CollectionAssert.AreEquivalent(Listed("decayed").Concat(Listed("not_decayed")).ToArray(), trained);
    }

    private string[] Listed(string property) =>
        [.. _method.GetProperty(property).EnumerateArray().Select(e => e.GetString()!)];

    private void TakeFirstValues()
    {
        using IDisposable frozen = no_grad();
        using GoldenTensors init = GoldenTensors.Open($"{_folder}/init.safetensors");
        foreach (TrainedTensor trained in Model.Tensors)
            trained.Tensor.copy_(init.Tensor(_goldenName(trained.Name)));
    }
}
