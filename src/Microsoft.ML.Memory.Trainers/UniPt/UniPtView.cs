// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>What the anchor sees of one state.</summary>
/// <param name="Shares">S without the identity, [B, A, N]; rows sum to 1, or are 0.</param>
/// <param name="Seen">M, [B, A, d].</param>
/// <param name="Confidence">c before the softmax, [B, 1].</param>
internal readonly record struct UniPtView(Tensor Shares, Tensor Seen, Tensor Confidence);
