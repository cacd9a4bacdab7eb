// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Collects the votes of known rows and fits temperature, class medians and known scores to them.</summary>
internal sealed class TrustPass(VisualMemoryOptions options, int classCount)
{
    private readonly TemperatureFit? _temperature =
        options.Calibration == CalibrationKind.PowerTemperature ? new TemperatureFit(classCount) : null;

    private readonly List<double> _scores = [];
    private readonly List<int> _labels = [];
    private readonly List<int> _winners = [];

    /// <summary>Adds one row that has a vote.</summary>
    /// <param name="label">Its true class; a number outside [0, c) is a class that nobody could vote for.</param>
    /// <param name="winner">The predicted class.</param>
    /// <param name="shares">[c], the vote shares.</param>
    /// <param name="distances">[k], ascending.</param>
    public void Add(int label, int winner, ReadOnlySpan<double> shares, ReadOnlySpan<float> distances)
    {
        _temperature?.Add(shares, label);
        if (options.Rejection is not { } rejection) return;
        _scores.Add(UnknownScore.Of(rejection.Score, distances, shares, options.Temperature));
        _labels.Add(label);
        _winners.Add(winner);
    }

    public PowerTemperature Temperature() => _temperature!.Solve();

    /// <summary>Gives the median of each class where the score wants it.</summary>
    public float[] Medians()
        => options.Rejection?.Score == UnknownScoreKind.ClassNormalizedDistance
            ? ClassMedians.Of([.. _scores.Select(score => (float)score)], [.. _labels], classCount)
            : [];

    /// <summary>Tabulates the scores, divided by the medians of these rows where the score wants it.</summary>
    public KnownScores Known() => Known(Medians());

    /// <summary>Tabulates the scores, divided by the medians of the memory where the score wants it.</summary>
    public KnownScores Known(float[] medians)
    {
        float[] scores = new float[_scores.Count];
        for (int row = 0; row < scores.Length; row++)
        {
            scores[row] = (float)(medians.Length == 0
                ? _scores[row]
                : UnknownScore.Normalize(_scores[row], medians[_winners[row]]));
        }

        return KnownScores.Of(scores);
    }
}
