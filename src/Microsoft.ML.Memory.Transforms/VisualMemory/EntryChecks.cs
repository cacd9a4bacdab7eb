// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a memory predicts for each of its entries by the vote of all others.</summary>
/// <remarks>Immutable, so safe for concurrent use.</remarks>
public sealed class EntryChecks
{
    internal EntryChecks(
        IReadOnlyList<string> classNames, IReadOnlyList<EntryCheck> entries, CalibrationReport? calibration)
    {
        ClassNames = classNames;
        Entries = entries;
        Calibration = calibration;
    }

    /// <summary>Name of each class, [c].</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>One check for each entry, [n], in the order of the entries.</summary>
    public IReadOnlyList<EntryCheck> Entries { get; }

    /// <summary>Whether the scores can be taken at their word, accuracy among it; null where there is no entry.
    /// </summary>
    public CalibrationReport? Calibration { get; }
}
