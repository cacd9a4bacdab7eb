// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>1,000 quantiles of the scores of known queries, from which a threshold follows for any kept rate.</summary>
internal sealed class KnownScores
{
    public const int QuantileCount = 1000;

    private readonly float[] _quantiles;

    /// <param name="quantiles">1,000 ascending numbers, or none where no known query was scored.</param>
    public KnownScores(float[] quantiles) => _quantiles = quantiles;

    /// <summary>The quantiles: entry j is the ceil((j + 1) n / 1000)-th smallest score.</summary>
    public float[] Quantiles => [.. _quantiles];

    /// <summary>Tabulates scores; sorts them.</summary>
    public static KnownScores Of(float[] scores)
    {
        if (scores.Length == 0) return new KnownScores([]);
        Array.Sort(scores);
        float[] quantiles = new float[QuantileCount];
        for (int index = 0; index < QuantileCount; index++)
        {
            long place = (((index + 1L) * scores.Length) + QuantileCount - 1) / QuantileCount;
            quantiles[index] = scores[(int)place - 1];
        }

        return new KnownScores(quantiles);
    }

    /// <summary>
    /// Gives the score above which a query is unknown; infinity where no known query was scored.
    /// </summary>
    /// <param name="keptRate">Share of the known queries that pass, in (0, 1], rounded up to a thousandth.</param>
    public float ThresholdOf(double keptRate)
    {
        if (_quantiles.Length == 0) return float.PositiveInfinity;

        // A rate such as 0.57 times 1000 may come out a hair above 570.
        double place = Math.Ceiling((keptRate * QuantileCount) - 1e-9);
        return _quantiles[Math.Clamp((int)place, 1, QuantileCount) - 1];
    }
}
