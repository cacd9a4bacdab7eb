// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Why the memory predicts what it does.</summary>
internal sealed record ExplanationAnswer(
    string? Label, IReadOnlyList<ClassScore> Scores, IReadOnlyList<NeighborAnswer> Neighbors);
