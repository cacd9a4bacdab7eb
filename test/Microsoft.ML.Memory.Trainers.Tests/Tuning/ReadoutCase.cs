// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>A readout method with seeded values on one of the small backbones, and a batch for it.</summary>
internal sealed class ReadoutCase : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Backbone _backbone;

    /// <param name="options">The method.</param>
    /// <param name="backbone">Folder below the reference files.</param>
    public ReadoutCase(FineTuneOptions options, string backbone = "methods/backbone")
    {
        _backbone = Backbone.Load(GoldenFiles.PathOf(backbone));
        try
        {
            Model = new TunedModel(_backbone, options.Create(_backbone, new SeededRandom(5)), 3, new SeededRandom(6));
        }
        catch
        {
            _backbone.Dispose();
            _scope.Dispose();
            throw;
        }

        Batch = BatchFor(_backbone.Config);
        Labels = tensor([0L, 2L, 1L]);
        using IDisposable frozen = no_grad();
        foreach (TrainedTensor trained in Model.Tensors.Where(t => t.Name != "head.bias"))
            trained.Tensor.add_(TensorInit.Normal(new SeededRandom(7), trained.Tensor.shape, 0.1, CPU));
    }

    public Backbone Backbone => _backbone;

    public TunedModel Model { get; }

    public ReadoutTuning Tuning => (ReadoutTuning)Model.Tuning;

    public Trunk Trunk => Model.Trunk;

    public BackboneBatch Batch { get; set; }

    /// <summary>Three classes.</summary>
    public Tensor Labels { get; }

    public Tensor[] Tap() => Tuning.Tap(Trunk, Batch);

    public Tensor Feature(ForwardPass? pass = null) => Tuning.Feature(Trunk, Batch, pass ?? ForwardPass.Plain);

    public Tensor Loss() => nn.functional.cross_entropy(Model.Logits(Batch, ForwardPass.Plain), Labels);

    public Tensor Trained(string name) => Model.Tensors.Single(t => t.Name == name).Tensor;

    public void Fill(string name, double value)
    {
        using IDisposable frozen = no_grad();
        Trained(name).fill_(value);
    }

    /// <summary>Three texts of 7 tokens, the second and third with padding; or three images.</summary>
    public static BackboneBatch BatchFor(BackboneConfig config, int side = 0)
    {
        var random = new SeededRandom(11);
        if (config.IsImage)
        {
            side = side == 0 ? config.ImageSize : side;
            return BackboneBatch.Images(TensorInit.Normal(random, [3, config.ChannelCount, side, side], 1, CPU));
        }

        long[] ids = [.. Enumerable.Range(0, 21).Select(_ => (long)random.Next(config.VocabularySize))];
        return Texts(ids, [7, 5, 1]);
    }

    /// <summary>Texts of 7 tokens of which the first few of each are no padding.</summary>
    public static BackboneBatch Texts(long[] ids, int[] lengths)
    {
        long[] attention = [.. Enumerable.Range(0, ids.Length).Select(i => i % 7 < lengths[i / 7] ? 1L : 0L)];
        long[] shape = [lengths.Length, 7];
        return BackboneBatch.Texts(TensorData.From(ids, shape), null, TensorData.From(attention, shape));
    }

    public void Dispose()
    {
        Model?.Dispose();
        _backbone.Dispose();
        _scope.Dispose();
    }
}
