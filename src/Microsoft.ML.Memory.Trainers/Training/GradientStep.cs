// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Computes the loss of a batch and adds its gradient to every trained tensor.</summary>
internal class GradientStep
{
    protected GradientStep()
    {
    }

    /// <summary>Lets autograd keep all it needs.</summary>
    public static GradientStep Plain { get; } = new();

    /// <summary>Runs forward and backward.</summary>
    /// <param name="model">The model; its trained tensors take the gradient.</param>
    /// <param name="batch">B examples.</param>
    /// <param name="labels">[B] of Int64, classes in [0, C).</param>
    /// <param name="dropout">Where dropout takes its masks from; null switches it off.</param>
    /// <returns>The mean cross-entropy, without a graph, in the caller's dispose scope.</returns>
    public virtual Tensor Run(TunedModel model, BackboneBatch batch, Tensor labels, Generator? dropout)
    {
        using var scope = NewDisposeScope();
        Tensor logits = model.Logits(batch, new ForwardPass { Dropout = dropout });
        Tensor loss = nn.functional.cross_entropy(logits, labels);
        loss.backward();
        return loss.detach().MoveToOuterDisposeScope();
    }
}
