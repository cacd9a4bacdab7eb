// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What turns the sums of a tile into scores, and which scores are looked for.</summary>
/// <param name="scales">[R], the factors of the rows.</param>
/// <param name="offsets">[R], the summands of the rows.</param>
/// <param name="thresholds">[W], one number a query.</param>
internal readonly unsafe struct TileTerms(float* scales, float* offsets, float* thresholds)
{
    public readonly float* Scales = scales;
    public readonly float* Offsets = offsets;
    public readonly float* Thresholds = thresholds;
}
