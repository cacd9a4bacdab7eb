// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Divides each vector by its own norm.</summary>
public sealed class LpNormNormalizingEstimator : LpNormNormalizingEstimatorBase
{
    internal LpNormNormalizingEstimator(
        IHostEnvironment environment, InputOutputColumnPair[] pairs, NormFunction norm, bool ensureZeroMean)
        : base(environment, pairs, norm, ensureZeroMean)
    {
    }
}
