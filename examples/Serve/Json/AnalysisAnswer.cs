// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace MemoryServe;

/// <summary>How an analysis is going.</summary>
/// <param name="State">none, working, ready or failed.</param>
/// <param name="Progress">How much is done, from 0 to 1.</param>
/// <param name="Stage">What is being done; null where there is no analysis.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Sequence">All changes up to this one are in the memory that is analysed.</param>
/// <param name="EntryCount">Entries of that memory.</param>
/// <param name="Seconds">How long it has worked.</param>
internal sealed record AnalysisAnswer(
    string State,
    double Progress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Stage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Failure,
    long Sequence,
    int EntryCount,
    double Seconds);
