// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>What was checked, and found, when a memory was asked whether it has forgotten entries.</summary>
/// <remarks>Immutable, so safe for concurrent use.</remarks>
public sealed class ForgettingAudit
{
    internal ForgettingAudit(
        int removedCount,
        int remainingCount,
        long probeCount,
        long scannedBytes,
        IReadOnlyList<long> indistinguishable,
        IReadOnlyList<AuditCheck> checks)
    {
        RemovedCount = removedCount;
        RemainingCount = remainingCount;
        ProbeCount = probeCount;
        ScannedBytes = scannedBytes;
        Indistinguishable = indistinguishable;
        Checks = checks;
    }

    /// <summary>The verdict: whether every check passed.</summary>
    public bool IsForgotten => Checks.All(check => check.Passed);

    /// <summary>Number of entries that should be forgotten.</summary>
    public int RemovedCount { get; }

    /// <summary>Number of entries that should be left.</summary>
    public int RemainingCount { get; }

    /// <summary>
    /// Rows that both memories were asked about: those given, and the vectors of the entries that were removed.
    /// </summary>
    public long ProbeCount { get; }

    /// <summary>Bytes of the saved model that were searched for removed vectors, uncompressed.</summary>
    public long ScannedBytes { get; }

    /// <summary>
    /// Ids of removed entries whose vector a memory that never had them holds as well, as a duplicate of a remaining
    /// one or by chance: nothing can tell whether their vector is forgotten. Often empty.
    /// </summary>
    public IReadOnlyList<long> Indistinguishable { get; }

    /// <summary>Everything that was checked, in order.</summary>
    public IReadOnlyList<AuditCheck> Checks { get; }

    /// <summary>Gives the report as lines of text, the same in every culture.</summary>
    public string ToTable()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var table = new StringBuilder();
        table.Append(IsForgotten ? "forgotten" : "NOT FORGOTTEN");
        table.Append(culture, $": {RemovedCount} removed, {RemainingCount} left, {ProbeCount} probes, ");
        table.Append(culture, $"{ScannedBytes} saved bytes searched\n");
        foreach (AuditCheck check in Checks)
        {
            table.Append(check.Passed ? "  ok      " : "  FAILED  ");
            table.Append(culture, $"{check.Name}: {check.Compared} compared");
            table.Append(check.Passed ? "\n" : $"; {check.Finding}\n");
        }

        if (Indistinguishable.Count > 0)
        {
            table.Append(culture, $"  note    {Indistinguishable.Count} removed vectors are also those of entries ");
            table.Append("that remain, or too common to be traced\n");
        }

        return table.ToString();
    }
}
