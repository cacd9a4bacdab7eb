// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Sums over scored rows, and what follows from them; 0 where there is no row.</summary>
internal sealed class RegressionTally
{
    private double _rows;
    private double _absolute;
    private double _squares;
    private double _loss;
    private double _labels;
    private double _labelSquares;

    public double MeanAbsoluteError => MeanOf(_absolute);

    public double MeanSquaredError => MeanOf(_squares);

    public double Loss => MeanOf(_loss);

    public double RSquared
    {
        get
        {
            if (_rows == 0)
                return 0;
            double variance = MeanOf(_labelSquares) - (MeanOf(_labels) * MeanOf(_labels));
            return variance > 0 ? 1 - (MeanSquaredError / variance) : double.NaN;
        }
    }

    public void Add(float label, float score)
    {
        double difference = (double)label - score;
        // The host multiplies these two as Single, and only these.
        float single = label - score;
        float square = label * label;
        _rows++;
        _absolute += Math.Abs(difference);
        _squares += difference * difference;
        _loss += single * single;
        _labels += label;
        _labelSquares += square;
    }

    private double MeanOf(double sum) => _rows > 0 ? sum / _rows : 0;
}
