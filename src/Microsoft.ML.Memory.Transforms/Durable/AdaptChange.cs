// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Rows to predict and, where the prediction is sure enough, to remember.</summary>
/// <param name="features">[n, d]; a row may have NaN or infinity.</param>
internal sealed class AdaptChange(float[] features) : MemoryChange
{
    public float[] Features { get; } = features;
}
