// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What looks at the layers in UniPT.</summary>
public enum UniPtAnchor
{
    /// <summary>The backbone's feature, one token.</summary>
    Feature,

    /// <summary>All tokens after the final norm; what they gather is averaged.</summary>
    AllTokens,
}
