// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A step that keeps what enters each block and runs the blocks again in backward.</summary>
/// <remarks>Gradients equal those of a plain step, dropout included: each block gets its masks a second time.
/// Source: Chen et al., 2016, arXiv 1604.06174.</remarks>
internal sealed class CheckpointedStep : GradientStep
{
    public override Tensor Run(TunedModel model, BackboneBatch batch, Tensor labels, Generator? dropout)
    {
        using var scope = NewDisposeScope();
        using var tape = new CheckpointTape();
        Tensor loss = Begin(model, batch, labels, new ForwardPass { Dropout = dropout, Operators = tape });
        Tensor? after = dropout?.get_state();
        tape.Backward();
        if (after is not null) dropout!.set_state(after);
        return loss.MoveToOuterDisposeScope();
    }
}
