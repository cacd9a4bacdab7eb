// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>How a column is normalized.</summary>
internal enum NormalizingMethod : byte
{
    MinMax = 1,
    MeanVariance = 2,
    CumulativeDistribution = 3,
}
