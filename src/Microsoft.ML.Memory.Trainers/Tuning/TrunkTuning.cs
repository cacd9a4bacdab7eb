// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A method whose trained tensors sit inside the trunk, so that gradients pass through every block.</summary>
internal abstract class TrunkTuning : Tuning
{
    public override Tensor Feature(Trunk trunk, BackboneBatch batch, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor x = Begin(trunk, batch, pass);
        foreach (TrunkBlock block in trunk.Blocks) x = Next(block, x, batch.Mask, pass);
        return End(trunk, x, batch, pass).MoveToOuterDisposeScope();
    }

    /// <summary>Runs one block as the pass wants it run, and lets go of what entered it.</summary>
    protected Tensor Next(TrunkBlock block, Tensor x, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        x.MoveToOtherDisposeScope(scope); // what backward needs of it, autograd or the pass keeps
        Tensor y = pass.Operators.Block(x, pass, (entering, of) => Step(block, entering, mask, of));
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>What enters the first block.</summary>
    public virtual Tensor Begin(Trunk trunk, BackboneBatch batch, ForwardPass pass) => trunk.Embed(batch);

    /// <summary>Runs one block with this method's changes.</summary>
    public virtual Tensor Step(TrunkBlock block, Tensor x, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        return block.Apply(Before(block, x, pass), mask, this, pass).MoveToOuterDisposeScope();
    }

    /// <summary>Makes the feature of what leaves the last block.</summary>
    public virtual Tensor End(Trunk trunk, Tensor x, BackboneBatch batch, ForwardPass pass) =>
        trunk.Pool(x, batch.Mask);
}
