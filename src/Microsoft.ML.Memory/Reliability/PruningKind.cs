// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What is done about entries that mislead other entries.</summary>
public enum PruningKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Entries with at least <c>Threshold</c> wrong counts do not vote and take no rank.</summary>
    Hard = 1,

    /// <summary>An entry with wrong counts has its votes multiplied by <c>Gain / (Offset + wrong)</c>.</summary>
    Soft = 2,

    /// <summary>
    /// Entries whose wrong counts exceed their correct counts by at least <c>Threshold</c> do not vote and take no
    /// rank.
    /// </summary>
    WrongMinusCorrect = 3,
}
