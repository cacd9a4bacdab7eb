// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Whether the memory adapts.</summary>
internal sealed record AdaptationState(bool Enabled);
