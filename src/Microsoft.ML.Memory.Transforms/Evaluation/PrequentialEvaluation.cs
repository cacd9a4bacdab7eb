// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>How a model did on a stream that it predicted and learned block by block.</summary>
/// <remarks>Immutable, so safe for concurrent use.</remarks>
public sealed class PrequentialEvaluation
{
    private readonly List<PrequentialMetrics> _points;

    internal PrequentialEvaluation(List<PrequentialMetrics> points) => _points = points;

    /// <summary>The measures after each block that was counted, at least one.</summary>
    public IReadOnlyList<PrequentialMetrics> Points => _points;

    /// <summary>The measures after the last block.</summary>
    public PrequentialMetrics Final => _points[^1];

    /// <summary>Gives the measures as text, the same in every culture.</summary>
    /// <param name="rowCount">Most rows to show, at least 1: the last one and others evenly before it.</param>
    /// <exception cref="ArgumentException">No row is asked for.</exception>
    public string ToTable(int rowCount = 20)
    {
        if (rowCount < 1)
            throw new ArgumentException($"ToTable's rowCount must be at least 1. Got {rowCount}.", nameof(rowCount));

        CultureInfo culture = CultureInfo.InvariantCulture;
        var table = new StringBuilder("      rows  accuracy  no change  majority   window  no change  majority\n");
        int shown = Math.Min(rowCount, _points.Count);
        for (int row = 1; row <= shown; row++)
        {
            PrequentialMetrics point = _points[(int)((long)_points.Count * row / shown) - 1];
            table.Append(culture, $"{point.Count,10}{point.Accuracy,10:F4}{point.NoChangeAccuracy,11:F4}");
            table.Append(culture, $"{point.MajorityAccuracy,10:F4}{point.WindowAccuracy,9:F4}");
            table.Append(culture, $"{point.WindowNoChangeAccuracy,11:F4}{point.WindowMajorityAccuracy,10:F4}\n");
        }

        AppendMeasure(table, "kappa", Final.Kappa);
        AppendMeasure(table, "temporal kappa, against no change", Final.KappaTemporal);
        AppendMeasure(table, "kappa against the majority", Final.KappaMajority);
        return table.ToString();
    }

    /// <summary>
    /// Draws the accuracy of the sliding window, of the model and of both simple rules, and that of all rows so far, as
    /// an SVG picture.
    /// </summary>
    public string ToSvg()
    {
        var plot = new SvgPlot("Accuracy on the stream", "rows", 0, Math.Max(2, Final.Count));
        plot.Add("model, window", Line(point => point.WindowAccuracy));
        plot.Add("no change, window", Line(point => point.WindowNoChangeAccuracy));
        plot.Add("majority, window", Line(point => point.WindowMajorityAccuracy));
        plot.Add("model, all rows so far", Line(point => point.Accuracy), isDashed: true);
        return plot.ToString();
    }

    private static void AppendMeasure(StringBuilder table, string name, double? value)
    {
        string text = value?.ToString("F4", CultureInfo.InvariantCulture) ?? "not defined";
        table.Append(CultureInfo.InvariantCulture, $"{name}: {text}\n");
    }

    private (double X, double Y)[] Line(Func<PrequentialMetrics, double> value)
        => [.. _points.Select(point => ((double)point.Count, value(point)))];
}
