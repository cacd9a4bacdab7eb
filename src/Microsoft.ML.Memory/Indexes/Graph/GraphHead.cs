// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The shape of a saved index.</summary>
internal readonly record struct GraphHead(int Dimension, Metric Metric, int Count);
