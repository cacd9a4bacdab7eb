// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Makes the rows of all prefixes in training: W2 tanh(W1 E + b1) + b2, E of [l, D].</summary>
/// <param name="Table">E.</param>
/// <param name="First">[m, D].</param>
/// <param name="Second">[2 L D, m]: for each block the keys' channels, then the values'.</param>
internal sealed record PrefixNetwork(Tensor Table, LinearLayer First, LinearLayer Second)
{
    /// <summary>Keys or values of a block, [l, D], with a graph.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="isValue">Whether values are wanted.</param>
    public Tensor Rows(int block, bool isValue)
    {
        using var scope = NewDisposeScope();
        long width = Table.size(1), start = ((2L * block) + (isValue ? 1 : 0)) * width;
        var own = new LinearLayer(
            Second.Name, Second.Weight.narrow(0, start, width), Second.Bias!.narrow(0, start, width));
        return own.Apply(First.Apply(Table).tanh()).MoveToOuterDisposeScope();
    }
}
