// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A method that only reads what the frozen trunk computes: no gradient ever enters the trunk.</summary>
internal abstract class ReadoutTuning : Tuning
{
    public override Tensor Feature(Trunk trunk, BackboneBatch batch, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor[] taps = batch.Taps ?? Tap(trunk, batch);
        return Read(trunk, taps, batch.Mask, pass).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the trunk without a graph and returns what <see cref="Read"/> needs of it.</summary>
    /// <remarks>The same batch gives the same taps for ever, so they may be kept from one epoch to the next. Taps of
    /// three dimensions have a row for each token, [B, N, ..], and what <see cref="Read"/> makes of them does not
    /// depend on rows that the mask hides.</remarks>
    /// <returns>Tensors of [B, ..] that belong to the caller's dispose scope.</returns>
    public abstract Tensor[] Tap(Trunk trunk, BackboneBatch batch);

    /// <summary>Which of the trunk's states are tapped, where the shapes of taps do not say it.</summary>
    public virtual IReadOnlyList<int> TappedStates => [];

    /// <summary>Makes the feature [B, F] of the taps, with a graph.</summary>
    public abstract Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass);

    /// <summary>Takes a new linear layer into training, its weight drawn from ±1/sqrt(in) and its bias 0.</summary>
    protected LinearLayer NewLinear(string name, SeededRandom random, long outputs, long inputs, Device device) =>
        TrainLinear(name, TensorInit.Linear(random, outputs, inputs, device), zeros([outputs], float32, device));

    /// <summary>Takes a new transformer block into training.</summary>
    protected TrunkBlock NewBlock(SideBlockShape shape, SeededRandom random, Device device)
    {
        using var scope = NewDisposeScope();
        LinearLayer Linear(string part, long outputs, long inputs) =>
            NewLinear(shape.Prefix + part, random, outputs, inputs, device);
        long width = shape.Width, inner = shape.InnerWidth;
        return new TrunkBlock
        {
            Index = shape.Index,
            HeadCount = shape.HeadCount,
            Activation = shape.Activation,
            NormLast = shape.NormLast,
            Norm1 = TrainNorm(shape.Prefix + "norm1", width, shape.Epsilon, device),
            Query = Linear("query", width, width),
            Key = Linear("key", width, width),
            Value = Linear("value", width, width),
            Output = Linear("output", width, width),
            Norm2 = TrainNorm(shape.Prefix + "norm2", width, shape.Epsilon, device),
            Up = Linear("fc1", shape.Gated ? 2 * inner : inner, width),
            Down = Linear("fc2", width, inner),
            Gated = shape.Gated,
        };
    }
}
