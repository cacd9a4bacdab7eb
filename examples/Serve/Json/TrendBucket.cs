// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace MemoryServe;

/// <summary>Predictions of a minute.</summary>
/// <param name="At">When the minute began, in UTC.</param>
/// <param name="Count">Number of predictions.</param>
/// <param name="Confidence">Mean of the best scores; null where nothing was predicted.</param>
/// <param name="Unknown">How many were of no known class.</param>
/// <param name="Feedback">How many true labels came.</param>
/// <param name="Right">How many of those were the predicted ones.</param>
/// <param name="Classes">Predictions of each class, most first; at most 100 classes.</param>
internal sealed record TrendBucket(
    DateTime At,
    int Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Confidence,
    int Unknown,
    int Feedback,
    int Right,
    IReadOnlyList<TrendClass> Classes);
