// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A method that only reads what the frozen trunk computes: no gradient ever enters the trunk.</summary>
internal abstract class ReadoutTuning : Tuning
{
    public override Tensor Feature(Trunk trunk, BackboneBatch batch, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor[] taps = Tap(trunk, batch);
        return Read(trunk, taps, batch.Mask, pass).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the trunk without a graph and returns what <see cref="Read"/> needs of it.</summary>
    /// <remarks>The same batch gives the same taps for ever, so they may be kept from one epoch to the next.</remarks>
    /// <returns>Tensors of [B, ..] that belong to the caller's dispose scope.</returns>
    public abstract Tensor[] Tap(Trunk trunk, BackboneBatch batch);

    /// <summary>Makes the feature [B, F] of the taps, with a graph.</summary>
    public abstract Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass);
}
