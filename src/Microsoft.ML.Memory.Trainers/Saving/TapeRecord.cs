// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>One operator on a tape.</summary>
/// <param name="Operator">What it keeps.</param>
/// <param name="Inputs">Its inputs in the graph before it; the handles are freed with it.</param>
/// <param name="Output">The leaf at which the graph after it ends.</param>
/// <param name="Block">Index of the block.</param>
internal sealed record TapeRecord(SavedOperator Operator, Tensor?[] Inputs, Tensor Output, int Block);
