// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace MemoryServe;

/// <summary>An entry as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its class.</param>
/// <param name="Weight">What its votes are multiplied with.</param>
/// <param name="Features">Its vector.</param>
/// <param name="Explanation">What the memory would predict without it, and why; null where only predictions of a visual
/// memory can be explained.</param>
internal sealed record EntryAnswer(
    long Id,
    string Label,
    float Weight,
    IReadOnlyList<float> Features,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ExplanationAnswer? Explanation);
