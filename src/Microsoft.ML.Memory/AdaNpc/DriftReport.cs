// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>How a stream has drifted from domain to domain, as the memory that adapts to it sees it.</summary>
/// <remarks>Needs no labels. Rising distance and entropy and falling confidence are signs of drift.</remarks>
public sealed class DriftReport
{
    internal DriftReport(IReadOnlyList<DomainSummary> domains) => Domains = domains;

    /// <summary>One summary a domain, in the order of the stream.</summary>
    public IReadOnlyList<DomainSummary> Domains { get; }

    /// <summary>Gives the report as a text table, a line a domain, in invariant culture.</summary>
    public string ToTable()
    {
        int width = Domains.Select(domain => domain.Name.Length).Append("domain".Length).Max();
        var table = new StringBuilder("domain".PadRight(width))
            .AppendLine("     rows    added  refused  evicted  confidence  distance  entropy  class shift");
        foreach (DomainSummary domain in Domains)
        {
            table.Append(domain.Name.PadRight(width)).AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{domain.RowCount,9}{domain.AddedCount,9}{domain.RefusedCount,9}{domain.EvictedCount,9}"
                + $"{domain.MeanConfidence,12:F3}{domain.MeanDistance,10:F3}{domain.MeanEntropy,9:F3}"
                + $"{domain.ClassShift,13:F3}"));
        }

        return table.ToString();
    }
}
