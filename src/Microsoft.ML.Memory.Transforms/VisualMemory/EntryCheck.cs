// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a memory predicts for one of its entries as if it were not there.</summary>
/// <param name="Id">Id of the entry.</param>
/// <param name="Class">Class that the entry votes for, an index into the class names.</param>
/// <param name="PredictedClass">Class predicted by the others; null where nobody votes.</param>
/// <param name="Confidence">Largest of the scores, in [0, 1].</param>
/// <param name="OwnScore">Score of the entry's own class, in [0, 1]; low where the others contradict.</param>
public readonly record struct EntryCheck(
    long Id, int Class, int? PredictedClass, float Confidence, float OwnScore)
{
    /// <summary>Whether the others predict the entry's own class.</summary>
    public bool IsRight => PredictedClass == Class;
}
