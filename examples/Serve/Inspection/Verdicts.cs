// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>What a memory predicts for each of its entries as if it were not there.</summary>
/// <param name="Predicted">The predicted class; -1 where there is none.</param>
/// <param name="Confidences">Score of the predicted class.</param>
/// <param name="OwnScores">Score of the class that the entry is stored with.</param>
/// <param name="Calibration">Whether the confidences are what they claim; null where there is nothing to judge.</param>
internal sealed record Verdicts(
    int[] Predicted, float[] Confidences, float[] OwnScores, CalibrationReport? Calibration)
{
    public static Verdicts Of(EntryChecks checks) => new(
        [.. checks.Entries.Select(each => each.PredictedClass ?? -1)],
        [.. checks.Entries.Select(each => each.Confidence)],
        [.. checks.Entries.Select(each => each.OwnScore)],
        checks.Calibration);
}
