// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Minimum, maximum, mean and population variance of the values of one slot; NaN is left out.</summary>
internal struct SlotStatistics
{
    private long _count;
    private double _sumOfSquaredDeviations;

    public SlotStatistics()
    {
        Minimum = double.PositiveInfinity;
        Maximum = double.NegativeInfinity;
    }

    public double Minimum { get; private set; }

    public double Maximum { get; private set; }

    public double Mean { get; private set; }

    public readonly double Variance => _count == 0 ? 0 : _sumOfSquaredDeviations / _count;

    /// <summary>No value, or one value only.</summary>
    public readonly bool IsConstant => !(Minimum < Maximum);

    public void Add(double value)
    {
        if (double.IsNaN(value))
            return;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        _count++;
        double deviation = value - Mean;
        Mean += deviation / _count;
        _sumOfSquaredDeviations += deviation * (value - Mean);
    }
}
