// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What one entry of a memory had to do with a prediction.</summary>
/// <param name="Id">Id of the entry.</param>
/// <param name="Rank">Its place among the neighbours, 0 for the nearest.</param>
/// <param name="Class">Its class, an index into the scores.</param>
/// <param name="Label">Name of its class.</param>
/// <param name="Distance">Its distance to the query, in the unit of the metric.</param>
/// <param name="EntryWeight">The weight it was stored with, which multiplies its votes.</param>
/// <param name="Share">
/// Its share of the whole vote, in [0, 1]; 0 where it did not vote. The shares of the entries of a class, added in
/// order in double, round to the class's score exactly.
/// </param>
public readonly record struct Contribution(
    long Id, int Rank, int Class, string Label, float Distance, float EntryWeight, double Share);
