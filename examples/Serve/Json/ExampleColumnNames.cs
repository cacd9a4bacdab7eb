// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace MemoryServe;

/// <summary>Names of the columns that an example has beside those of a prediction; null for one that it has not.
/// </summary>
internal sealed record ExampleColumnNames(
    string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Weight);
