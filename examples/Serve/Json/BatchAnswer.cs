// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Answers to many rows, in their order.</summary>
internal sealed record BatchAnswer(IReadOnlyList<PredictionAnswer> Predictions);
