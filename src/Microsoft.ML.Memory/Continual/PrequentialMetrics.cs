// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How good the predictions of a stream were so far, beside what two simple rules would have reached.
/// </summary>
/// <remarks>
/// A stream's labels often come in runs. So a model has to beat the rule that repeats the last label ("no change") and
/// the one that names the most frequent label seen so far ("majority"); both start with a wrong answer.
/// </remarks>
public readonly record struct PrequentialMetrics
{
    /// <summary>Rows counted, at least 1.</summary>
    public long Count { get; init; }

    /// <summary>Share of right predictions among all rows so far, in [0, 1].</summary>
    public double Accuracy { get; init; }

    /// <summary>Share of right answers of the rule that repeats the last label, in [0, 1].</summary>
    public double NoChangeAccuracy { get; init; }

    /// <summary>Share of right answers of the rule that names the most frequent label so far, in [0, 1].</summary>
    public double MajorityAccuracy { get; init; }

    /// <summary>
    /// Cohen's kappa: accuracy beyond what the same predictions reach in a random order, at most 1; null where that is
    /// perfect already, as with one class.
    /// </summary>
    public double? Kappa { get; init; }

    /// <summary>
    /// Temporal kappa: accuracy beyond <see cref="NoChangeAccuracy"/>, at most 1; null where that is perfect.
    /// </summary>
    public double? KappaTemporal { get; init; }

    /// <summary>Accuracy beyond <see cref="MajorityAccuracy"/>, at most 1; null where that is perfect.</summary>
    public double? KappaMajority { get; init; }

    /// <summary>Rows in the window, at least 1: its length, or fewer at the start.</summary>
    public int WindowCount { get; init; }

    /// <summary>Share of right predictions among the rows of the window.</summary>
    public double WindowAccuracy { get; init; }

    /// <summary>Share of right answers of the no-change rule among the rows of the window.</summary>
    public double WindowNoChangeAccuracy { get; init; }

    /// <summary>Share of right answers of the majority rule among the rows of the window.</summary>
    public double WindowMajorityAccuracy { get; init; }
}
