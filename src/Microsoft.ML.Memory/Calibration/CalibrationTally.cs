// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Measures predictions against the truth, one row after the other, without keeping their probabilities.
/// </summary>
internal sealed class CalibrationTally(int classCount)
{
    private readonly List<double> _confidences = [];
    private readonly List<bool> _hits = [];
    private double _loss;
    private double _brier;

    /// <summary>Adds one row.</summary>
    /// <param name="probabilities">[c], they sum to 1.</param>
    /// <param name="predicted">The predicted class; a number outside [0, c) is no prediction.</param>
    /// <param name="label">The true class; a number outside [0, c) is a class that has no probability.</param>
    public void Add(ReadOnlySpan<double> probabilities, int predicted, int label)
    {
        double truth = (uint)label < (uint)classCount ? probabilities[label] : 0;
        double confidence = 0;
        _loss -= Math.Log((truth + PowerTemperature.Floor) / (1 + (classCount * PowerTemperature.Floor)));
        _brier += 1 - (2 * truth);
        foreach (double share in probabilities)
        {
            _brier += share * share;
            confidence = Math.Max(confidence, share);
        }

        _confidences.Add(confidence);
        _hits.Add(predicted == label);
    }

    /// <summary>Reports on the rows, at least one.</summary>
    public CalibrationReport Report() => new([.. _confidences], [.. _hits])
    {
        LogLoss = _loss / _hits.Count,
        Brier = _brier / _hits.Count,
    };
}
