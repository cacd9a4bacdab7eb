// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A frozen backbone, what a method trains on it, and a linear head on the method's feature.</summary>
/// <remarks>Owns the trained tensors, not the backbone. Scoring is thread-safe.</remarks>
internal sealed class TunedModel : IDisposable
{
    private const double HeadDeviation = 0.01;

    public TunedModel(Backbone backbone, Tuning tuning, int classCount, SeededRandom random)
    {
        Backbone = backbone;
        Tuning = tuning;
        Trunk = backbone.With(tuning.Replaced);
        using var scope = NewDisposeScope();
        Device device = backbone.Device;
        long[] shape = [classCount, tuning.FeatureSize];
        Tensor weight = TensorInit.Normal(random, shape, HeadDeviation, device).DetachFromDisposeScope();
        Tensor bias = zeros([classCount], float32, device).DetachFromDisposeScope();
        Head = new LinearLayer("head", weight.requires_grad_(), bias.requires_grad_());
        Tensors =
        [
            .. tuning.Tensors,
            new TrainedTensor("head.weight", weight, true),
            new TrainedTensor("head.bias", bias, false),
        ];
    }

    public Backbone Backbone { get; }

    public Tuning Tuning { get; }

    /// <summary>The backbone's network with what the method replaced.</summary>
    public Trunk Trunk { get; }

    public LinearLayer Head { get; }

    /// <summary>Everything that training changes, the head last.</summary>
    public IReadOnlyList<TrainedTensor> Tensors { get; }

    public long TrainedCount => Tensors.Sum(t => t.Tensor.numel());

    /// <summary>Scores of the classes, [B, C], before softmax.</summary>
    public Tensor Logits(BackboneBatch batch, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        return Head.Apply(Tuning.Feature(Trunk, batch, pass)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Tuning.Dispose();
        Head.Weight.Dispose();
        Head.Bias?.Dispose();
    }
}
