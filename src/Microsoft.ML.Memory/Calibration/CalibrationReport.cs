// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>
/// Says whether probabilities can be taken at their word: likelihood, Brier score, calibration error.
/// </summary>
/// <remarks>
/// <para>NLL = -mean ln((P(y) + 1e-5) / (1 + c·1e-5)). Brier = mean over the rows of the sum over the classes of
/// (P - truth)². ECE = sum over 15 bins of the largest probability of (rows in the bin / n)·|accuracy - mean
/// confidence|; equal-width bins hold (z/15, (z+1)/15], equal-mass bins the same number of rows each.</para>
/// <para>Thread safety: immutable, so safe. Source of ECE: Guo et al., 2017, arXiv 1706.04599, section 2.</para>
/// </remarks>
public sealed class CalibrationReport
{
    private const int BinCount = 15;

    /// <param name="confidences">[n], the largest probability of each row.</param>
    /// <param name="hits">[n], whether each row was right.</param>
    internal CalibrationReport(double[] confidences, bool[] hits)
    {
        RowCount = hits.Length;
        Accuracy = hits.Count(hit => hit) / (double)hits.Length;
        CalibrationBin[] bins = EqualWidth(confidences, hits);
        CalibrationBin[] massBins = EqualMass(confidences, hits);
        Bins = bins;
        EqualMassBins = massBins;
        CalibrationError = ErrorOf(bins, RowCount);
        EqualMassError = ErrorOf(massBins, RowCount);
    }

    /// <summary>Number of rows n.</summary>
    public int RowCount { get; }

    /// <summary>Share of the rows that were right.</summary>
    public double Accuracy { get; }

    /// <summary>Mean negative log-likelihood in nats, at least 0; smaller is better.</summary>
    public double LogLoss { get; internal init; }

    /// <summary>Brier score, in [0, 2]; smaller is better.</summary>
    public double Brier { get; internal init; }

    /// <summary>Expected calibration error over equal-width bins, in [0, 1]; smaller is better.</summary>
    public double CalibrationError { get; }

    /// <summary>Expected calibration error over bins of equally many rows, in [0, 1]; smaller is better.</summary>
    public double EqualMassError { get; }

    /// <summary>The 15 bins of equal width, least confident first.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; }

    /// <summary>The 15 bins of equally many rows, least confident first.</summary>
    public IReadOnlyList<CalibrationBin> EqualMassBins { get; }

    /// <summary>Measures predictions against the truth.</summary>
    /// <param name="probabilities">[n, c], rows sum to 1.</param>
    /// <param name="predicted">[n] predicted classes; a number outside [0, c) is no prediction.</param>
    /// <param name="labels">[n] true classes; a number outside [0, c) is a class that has no probability.</param>
    /// <param name="classCount">Number of classes c, at least 1.</param>
    /// <exception cref="ArgumentException">There is no row, or a length does not fit.</exception>
    public static CalibrationReport Of(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classCount)
    {
        Check.AtLeast(classCount, 1, "CalibrationReport's classCount");
        Check.AtLeast(labels.Length, 1, "CalibrationReport's row count", nameof(labels));
        Check.Length(predicted.Length, labels.Length, nameof(predicted), "[n]");
        Check.Length(probabilities.Length, (long)labels.Length * classCount, nameof(probabilities), "[n, c]");

        var tally = new CalibrationTally(classCount);
        for (int row = 0; row < labels.Length; row++)
            tally.Add(probabilities.Slice(row * classCount, classCount), predicted[row], labels[row]);
        return tally.Report();
    }

    /// <summary>Gives the figures and the reliability table as Markdown.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"rows {RowCount}, accuracy {Accuracy:F4}, NLL {LogLoss:F4}, ")
            .Append(CultureInfo.InvariantCulture, $"Brier {Brier:F4}, ECE {CalibrationError:F4}, ")
            .Append(CultureInfo.InvariantCulture, $"equal-mass ECE {EqualMassError:F4}\n\n")
            .Append("| confidence | rows | mean confidence | accuracy |\n|---|---|---|---|\n");
        for (int index = 0; index < BinCount; index++)
        {
            CalibrationBin bin = Bins[index];
            if (bin.Count == 0) continue;
            double low = index / (double)BinCount, high = (index + 1) / (double)BinCount;
            text.Append(CultureInfo.InvariantCulture, $"| {low:F3}-{high:F3} | {bin.Count} ")
                .Append(CultureInfo.InvariantCulture, $"| {bin.Confidence:F4} | {bin.Accuracy:F4} |\n");
        }

        return text.ToString();
    }

    /// <summary>Draws the reliability diagram: accuracy over confidence, a bar a bin, as a complete SVG.</summary>
    public string ToSvg() => ReliabilityPlot.Draw(this);

    private static CalibrationBin[] EqualWidth(double[] confidences, bool[] hits)
    {
        var groups = new BinSums[BinCount];
        for (int row = 0; row < hits.Length; row++)
        {
            int bin = Math.Clamp((int)Math.Ceiling(BinCount * confidences[row]) - 1, 0, BinCount - 1);
            groups[bin] = groups[bin].With(confidences[row], hits[row]);
        }

        return Array.ConvertAll(groups, group => group.Mean);
    }

    private static CalibrationBin[] EqualMass(double[] confidences, bool[] hits)
    {
        // OrderBy is stable, unlike Array.Sort: rows of equal confidence keep their order.
        int[] order = [.. Enumerable.Range(0, hits.Length).OrderBy(row => confidences[row])];
        var groups = new BinSums[BinCount];
        for (int bin = 0; bin < BinCount; bin++)
        {
            int end = (int)((long)(bin + 1) * hits.Length / BinCount);
            for (int place = (int)((long)bin * hits.Length / BinCount); place < end; place++)
                groups[bin] = groups[bin].With(confidences[order[place]], hits[order[place]]);
        }

        return Array.ConvertAll(groups, group => group.Mean);
    }

    private static double ErrorOf(CalibrationBin[] bins, int rowCount)
        => bins.Sum(bin => bin.Count * Math.Abs(bin.Accuracy - bin.Confidence)) / rowCount;

    private readonly record struct BinSums(int Count, double Confidence, int Hits)
    {
        public CalibrationBin Mean
            => Count == 0 ? default : new CalibrationBin(Count, Confidence / Count, Hits / (double)Count);

        public BinSums With(double confidence, bool isHit)
            => new(Count + 1, Confidence + confidence, Hits + (isHit ? 1 : 0));
    }
}
