// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a compressed memory turns the distance to its codes into votes.</summary>
public enum CodeRead
{
    /// <summary>
    /// Each code votes with all its entries, weighed by exp(-Gamma |row - code|^2). Nothing is trained.
    /// </summary>
    Histogram = 0,

    /// <summary>
    /// Attention over the codes, softmax(2 Gamma &lt;row, key&gt; + ln count), with a low-rank correction of keys and
    /// votes that is learned at fit.
    /// </summary>
    Attention = 1,
}
