// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Computes the loss of a batch and adds its gradient to every trained tensor.</summary>
internal class GradientStep
{
    /// <summary>Lets autograd keep all it needs.</summary>
    public static GradientStep Plain => new();

    /// <summary>Told what a step keeps; null where nobody wants to know.</summary>
    public KeptActivations? Watch { get; set; }

    /// <summary>Coefficient of the sum of the lengths of the head's columns, which is added to what is minimised and
    /// not to the loss; 0 adds nothing.</summary>
    public double ColumnPenalty { get; init; }

    /// <summary>Chooses the step that keeps what is wanted.</summary>
    /// <param name="saving">What is kept for backward.</param>
    /// <param name="activationBits">Bits of an activation's derivative where codes are kept, 1 to 4.</param>
    public static GradientStep For(ActivationSaving saving, int activationBits = 4) => saving switch
    {
        ActivationSaving.All => Plain,
        ActivationSaving.Checkpoints => new CheckpointedStep(),
        ActivationSaving.FourBit => Coded(SavingPolicy.FourBit, activationBits),
        ActivationSaving.FourBitRecomputed => Coded(SavingPolicy.Recomputed, activationBits),
        ActivationSaving.FourBitEverything => Coded(SavingPolicy.FourBitEverything, activationBits),
        _ => throw new ArgumentOutOfRangeException(nameof(saving)),
    };

    /// <summary>Runs forward and backward.</summary>
    /// <param name="model">The model; its trained tensors take the gradient.</param>
    /// <param name="batch">B examples.</param>
    /// <param name="labels">[B] of Int64, classes in [0, C).</param>
    /// <param name="dropout">Where dropout takes its masks from; null switches it off.</param>
    /// <returns>The mean cross-entropy, without a graph, in the caller's dispose scope.</returns>
    public virtual Tensor Run(TunedModel model, BackboneBatch batch, Tensor labels, Generator? dropout) =>
        Begin(model, batch, labels, new ForwardPass { Dropout = dropout });

    /// <summary>Runs forward, and backward as far as autograd gets.</summary>
    protected Tensor Begin(TunedModel model, BackboneBatch batch, Tensor labels, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Watch?.BeforeForward();
        Tensor loss = nn.functional.cross_entropy(model.Logits(batch, pass), labels);
        Watch?.AfterForward(pass.Operators as Tape);
        Penalized(loss, model.Head.Weight).backward();
        return loss.detach().MoveToOuterDisposeScope();
    }

    // The gradient of the length of a column of zeros is taken as 0.
    private Tensor Penalized(Tensor loss, Tensor weight) =>
        ColumnPenalty == 0 ? loss : loss.add(weight.norm(0).sum().mul(ColumnPenalty));

    private static FewBitStep Coded(SavingPolicy policy, int activationBits) => activationBits is >= 1 and <= 4
        ? new FewBitStep(policy with { ActivationBits = activationBits })
        : throw new ArgumentOutOfRangeException(
            nameof(activationBits), $"activationBits must be from 1 to 4. Got {activationBits}.");
}
