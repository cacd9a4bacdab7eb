// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Statistics of how much metrics change.</summary>
internal interface IMetricsStatistics<TMetrics>
{
    /// <summary>Adds how much worse, or better, the metrics are than those of the unpermuted data.</summary>
    void Add(TMetrics permuted, TMetrics baseline);
}
