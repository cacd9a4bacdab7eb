// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A mixture of n mapped states and a guide, for every token.</summary>
/// <param name="Redundancy">rho, [B, N, n].</param>
/// <param name="Weights">w, [B, N, n]; sums to 1 or is 0.</param>
/// <param name="Mixture">z, [B, N, d].</param>
internal readonly record struct SherlMixture(Tensor Redundancy, Tensor Weights, Tensor Mixture);
