// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Where the adapters of a block sit.</summary>
public enum AdapterPlacement
{
    /// <summary>After the feed-forward part, inside its residual branch: m ← m + adapter(m) (Pfeiffer).</summary>
    AfterFeedForward,

    /// <summary>After attention and after the feed-forward part, each inside its residual branch (Houlsby).</summary>
    AfterBoth,

    /// <summary>
    /// Beside the feed-forward part, on the stream before its norm: x ← x + m + s adapter(x) (AdaptFormer).
    /// </summary>
    Parallel,
}
