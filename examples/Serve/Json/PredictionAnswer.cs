// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Answer to one row.</summary>
/// <param name="Id">Names the prediction, for feedback.</param>
/// <param name="Label">The predicted class; null where there is none.</param>
/// <param name="Scores">The best classes, best first.</param>
/// <param name="Confidence">How sure an adaptive memory is.</param>
/// <param name="IsUnknown">Whether the row is of no known class.</param>
/// <param name="EntryId">Id under which an adapting memory remembered the row.</param>
internal sealed record PredictionAnswer(
    string Id, string? Label, IReadOnlyList<ClassScore> Scores, double? Confidence, bool? IsUnknown, long? EntryId);
