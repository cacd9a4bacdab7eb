// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>The outcome of trying every number of neighbours and several rank offsets on validation rows.</summary>
/// <remarks>Thread safety: immutable, so safe.</remarks>
public sealed class VoteTuning
{
    internal VoteTuning(IReadOnlyList<VoteTrial> trials, int rowCount)
    {
        Trials = trials;
        RowCount = rowCount;
        Best = trials.OrderByDescending(trial => trial.Correct).ThenBy(trial => trial.NeighborCount).First();
    }

    /// <summary>
    /// The setting with the most right rows; of equal ones that with fewer neighbours, then the offset named first.
    /// </summary>
    public VoteTrial Best { get; }

    /// <summary>Every setting, by offset in the order given, then by number of neighbours.</summary>
    public IReadOnlyList<VoteTrial> Trials { get; }

    /// <summary>Number of validation rows.</summary>
    public int RowCount { get; }

    /// <summary>Gives the share of rows that a setting had right.</summary>
    public double AccuracyOf(VoteTrial trial) => trial.Correct / (double)RowCount;

    /// <summary>Gives the best number of neighbours of each offset as a Markdown table.</summary>
    public string ToTable()
    {
        var text = new StringBuilder("| rank offset | best k | accuracy |\n|---|---|---|\n");
        foreach (IGrouping<double, VoteTrial> group in Trials.GroupBy(trial => trial.RankOffset))
        {
            VoteTrial best = group
                .OrderByDescending(trial => trial.Correct)
                .ThenBy(trial => trial.NeighborCount)
                .First();
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {best.RankOffset} | {best.NeighborCount} | {AccuracyOf(best):F4} |\n");
        }

        return text.ToString();
    }
}
