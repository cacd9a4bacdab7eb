// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A tape of whole blocks, which keeps what enters them and runs them again in backward.</summary>
internal sealed class CheckpointTape : Tape
{
    public override Tensor Block(Tensor x, ForwardPass pass, Func<Tensor, ForwardPass, Tensor> run)
    {
        if (!is_grad_enabled()) return run(x, pass);
        using var scope = NewDisposeScope();
        BlockIndex++;
        var again = new ForwardPass { Dropout = pass.Dropout };
        var saved = new SavedBlock(x, again, run);
        Tensor value;
        using (no_grad()) value = run(x, again);
        return Record(saved, [Shared(x)], value).MoveToOuterDisposeScope();
    }
}
