// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which codes of a codebook count as dead while it is trained, and move to rows of the batch.</summary>
public enum CodeReset
{
    /// <summary>Codes whose usage falls below <see cref="CodebookSettings.ResetThreshold"/>.</summary>
    BelowThreshold = 0,

    /// <summary>
    /// Codes whose usage falls below <see cref="CodebookSettings.ResetThreshold"/> times the mean usage: retries codes
    /// sooner in short trainings.
    /// </summary>
    BelowShareOfMean = 1,

    /// <summary>None: most codes may then never be used.</summary>
    Never = 2,
}
