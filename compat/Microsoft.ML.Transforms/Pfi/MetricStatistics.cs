// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

public sealed class MetricStatistics
{
    // Sum of squared differences from the running mean.
    private double _squares;

    internal MetricStatistics()
    {
    }

    public double Mean { get; private set; }

    public double StandardDeviation => Count > 1 ? Math.Sqrt(_squares / (Count - 1)) : 0;

    public double StandardError => Count > 0 ? StandardDeviation / Math.Sqrt(Count) : 0;

    public int Count { get; private set; }

    internal void Add(double value)
    {
        Count++;
        double difference = value - Mean;
        // An infinite first value is its own mean; the running update would make it NaN later only.
        Mean = Count == 1 ? value : Mean + (difference / Count);
        if (Count > 1)
            _squares += difference * (value - Mean);
    }
}
