// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A whole block of which only the input is kept: backward runs it again, with a graph.</summary>
/// <remarks>Source: Chen et al., 2016, arXiv 1604.06174.</remarks>
internal sealed class SavedBlock : SavedOperator
{
    private readonly Tensor _input;
    private readonly bool _needsInput;
    private readonly ForwardPass _pass;
    private readonly Func<Tensor, ForwardPass, Tensor> _run;
    private readonly Tensor? _random;

    /// <param name="x">What enters the block.</param>
    /// <param name="pass">The pass that runs it again.</param>
    /// <param name="run">The block.</param>
    public SavedBlock(Tensor x, ForwardPass pass, Func<Tensor, ForwardPass, Tensor> run)
    {
        using var scope = NewDisposeScope();
        (_pass, _run, _needsInput) = (pass, run, x.requires_grad);
        _input = Keep(SavedKind.BlockInput, x.detach());
        if (pass.Dropout is { } generator) _random = Keep(SavedKind.Generator, generator.get_state());
    }

    /// <summary>Adds to the gradients of what is trained in the block, and returns that of its input.</summary>
    public override Tensor?[] Gradients(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using IDisposable graph = enable_grad();
        Tensor input = _input.detach().requires_grad_(_needsInput);
        // The same masks as in forward, and afterwards as if the block had run once.
        if (_random is not null) _pass.Dropout!.set_state(_random);
        Tensor output = _run(input, _pass);
        if (output.requires_grad) autograd.backward([output], [gradient]);
        return [input.grad?.MoveToOuterDisposeScope()];
    }
}
