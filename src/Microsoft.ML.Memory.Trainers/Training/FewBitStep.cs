// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A step whose norms, attention and activations keep codes of a few bits.</summary>
/// <remarks>
/// <para>Source: the codes after S2A, 2025, arXiv 2503.08154, and Novikov et al., 2022, arXiv 2202.00441.</para>
/// <para>Differs from the paper: S2A's code is not public; the grids, scales and groups are our own completion.</para>
/// </remarks>
internal sealed class FewBitStep(SavingPolicy policy) : GradientStep
{
    public override Tensor Run(TunedModel model, BackboneBatch batch, Tensor labels, Generator? dropout)
    {
        using var scope = NewDisposeScope();
        using var tape = new SavingTape(policy);
        Tensor loss = Begin(model, batch, labels, new ForwardPass { Dropout = dropout, Operators = tape });
        tape.Backward();
        return loss.MoveToOuterDisposeScope();
    }
}
