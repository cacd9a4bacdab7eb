// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>What one operator keeps for backward, and how its inputs' gradients follow from it.</summary>
internal abstract class SavedOperator : IDisposable
{
    private readonly List<(SavedKind Kind, Tensor Tensor)> _kept = [];

    public IReadOnlyList<(SavedKind Kind, Tensor Tensor)> Kept => _kept;

    /// <summary>Computes the gradients of the inputs from the gradient of the output.</summary>
    /// <returns>One for each input, in their order, in the caller's dispose scope; null where none is needed.</returns>
    public abstract Tensor?[] Gradients(Tensor gradient);

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in _kept) tensor.Dispose();
    }

    /// <summary>Keeps a tensor without a graph, which from now on belongs to this object.</summary>
    protected Tensor Keep(SavedKind kind, Tensor tensor)
    {
        _kept.Add((kind, tensor.DetachFromDisposeScope()));
        return tensor;
    }
}
