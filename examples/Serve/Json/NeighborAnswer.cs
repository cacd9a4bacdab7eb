// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>An entry that took part in a prediction.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its class.</param>
/// <param name="Distance">How far it is; null where that is more than a Single can say, and JSON neither.</param>
/// <param name="Share">Its share of the vote.</param>
internal sealed record NeighborAnswer(long Id, string Label, float? Distance, double Share);
