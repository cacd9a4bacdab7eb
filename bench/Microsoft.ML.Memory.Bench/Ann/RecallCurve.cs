// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Queries per second at different recalls.</summary>
internal sealed class RecallCurve
{
    private readonly List<(double Recall, double Rate)> _points = [];

    public void Add(double recall, double rate) => _points.Add((recall, rate));

    /// <summary>
    /// Gives the rate at a recall, between measured points in proportion to the recall; null where no point reaches it.
    /// The lowest point's rate where all reach it: one would not search faster and find more.
    /// </summary>
    public double? RateAt(double recall)
    {
        (double Recall, double Rate)? below = null;
        foreach ((double Recall, double Rate) point in _points.OrderBy(point => point.Recall))
        {
            if (point.Recall >= recall)
            {
                if (below is not { } low) return point.Rate;
                double share = (recall - low.Recall) / (point.Recall - low.Recall);
                return Math.Exp(((1 - share) * Math.Log(low.Rate)) + (share * Math.Log(point.Rate)));
            }

            below = point;
        }

        return null;
    }
}
