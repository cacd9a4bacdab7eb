// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Score of one class.</summary>
internal sealed record ClassScore(string Class, float Score);
