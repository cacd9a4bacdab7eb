// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>What is known of the neighbours in a graph.</summary>
/// <param name="Rows">The entries.</param>
/// <param name="Found">The neighbours among them.</param>
/// <param name="Weights">[N, k] Double, how much each counts, summing to 1.</param>
/// <param name="IsPresent">[N, 1] or [N, k] Bool: whether there are neighbours, or which of them.</param>
internal sealed record NeighborValues(BankRows Rows, FoundRows Found, string Weights, string IsPresent);
