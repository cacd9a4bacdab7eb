// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>What a search in the graph finds: names of values.</summary>
/// <param name="Rows">[N, k] Int64, places in the tables of the memory, nearest first.</param>
/// <param name="Distances">[N, k] Single, in the unit of the metric.</param>
/// <param name="Count">k.</param>
internal sealed record FoundRows(string Rows, string Distances, int Count);
