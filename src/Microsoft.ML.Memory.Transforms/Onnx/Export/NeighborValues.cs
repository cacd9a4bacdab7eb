// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>What is known of the neighbours in a graph.</summary>
/// <param name="Rows">The entries.</param>
/// <param name="Found">The neighbours among them.</param>
/// <param name="Labels">[N, k] Int64, their classes.</param>
/// <param name="Weights">[N, k] Double, their shares in the vote.</param>
/// <param name="IsFinite">[N, 1] Bool: whether there are neighbours.</param>
internal sealed record NeighborValues(
    BankRows Rows, FoundRows Found, string Labels, string Weights, string IsFinite);
