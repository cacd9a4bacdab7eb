// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Turns images or tokens into the residual stream that enters the first block.</summary>
internal abstract class TrunkEmbedding
{
    /// <summary>Tokens in front of those that stand for patches: the class token and registers.</summary>
    public virtual int LeadingTokens => 1;

    /// <returns>[B, N, D].</returns>
    public abstract Tensor Apply(BackboneBatch batch);
}
