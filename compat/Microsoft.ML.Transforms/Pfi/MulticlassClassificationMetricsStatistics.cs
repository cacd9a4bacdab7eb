// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

public sealed class MulticlassClassificationMetricsStatistics : IMetricsStatistics<MulticlassClassificationMetrics>
{
    internal MulticlassClassificationMetricsStatistics()
    {
    }

    public MetricStatistics MacroAccuracy { get; } = new();

    public MetricStatistics MicroAccuracy { get; } = new();

    public MetricStatistics LogLoss { get; } = new();

    public MetricStatistics LogLossReduction { get; } = new();

    public MetricStatistics TopKAccuracy { get; } = new();

    public IReadOnlyList<MetricStatistics> PerClassLogLoss { get; private set; }

    void IMetricsStatistics<MulticlassClassificationMetrics>.Add(
        MulticlassClassificationMetrics permuted, MulticlassClassificationMetrics baseline)
    {
        MacroAccuracy.Add(permuted.MacroAccuracy - baseline.MacroAccuracy);
        MicroAccuracy.Add(permuted.MicroAccuracy - baseline.MicroAccuracy);
        LogLoss.Add(permuted.LogLoss - baseline.LogLoss);
        LogLossReduction.Add(permuted.LogLossReduction - baseline.LogLossReduction);
        TopKAccuracy.Add(permuted.TopKAccuracy - baseline.TopKAccuracy);
        PerClassLogLoss ??= [.. permuted.PerClassLogLoss.Select(_ => new MetricStatistics())];
        for (int i = 0; i < PerClassLogLoss.Count; i++)
        {
            PerClassLogLoss[i].Add(permuted.PerClassLogLoss[i] - baseline.PerClassLogLoss[i]);
        }
    }
}
