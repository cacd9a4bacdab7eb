// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>One step of the light side branch: s + W2 relu(W1 norm(s + z)).</summary>
internal sealed record SideStep(NormLayer Norm, LinearLayer First, LinearLayer Second)
{
    /// <param name="state">s, [B, N, d].</param>
    /// <param name="pooled">z, [B, N, d], without a graph.</param>
    public Tensor Apply(Tensor state, Tensor pooled)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = First.Apply(Norm.Apply(state.add(pooled))).relu();
        return state.add(Second.Apply(hidden)).MoveToOuterDisposeScope();
    }
}
