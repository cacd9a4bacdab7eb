// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>An entry that took part in a prediction.</summary>
internal sealed record NeighborAnswer(long Id, string Label, float Distance, double Share);
