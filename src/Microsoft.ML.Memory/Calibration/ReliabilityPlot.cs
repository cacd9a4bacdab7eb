// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>Draws accuracy over confidence as an SVG that needs nothing else.</summary>
internal static class ReliabilityPlot
{
    private const double Size = 300;
    private const double Margin = 40;
    private const double Width = Size + (2 * Margin);

    public static string Draw(CalibrationReport report)
    {
        var svg = new StringBuilder();
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Width}\" ");
        svg.Append("font-family=\"sans-serif\" font-size=\"11\">\n");
        Append(svg, $"<rect width=\"{Width}\" height=\"{Width}\" fill=\"white\"/>\n");
        double step = Size / report.Bins.Count;
        for (int index = 0; index < report.Bins.Count; index++)
        {
            CalibrationBin bin = report.Bins[index];
            if (bin.Count == 0) continue;
            double height = bin.Accuracy * Size;
            Append(svg, $"<rect x=\"{Margin + (index * step):F1}\" y=\"{Margin + Size - height:F1}\" ");
            Append(svg, $"width=\"{step - 1:F1}\" height=\"{height:F1}\" fill=\"#4477aa\">");
            Append(svg, $"<title>{bin.Count} rows, confidence {bin.Confidence:F3}, ");
            Append(svg, $"accuracy {bin.Accuracy:F3}</title></rect>\n");
        }

        Append(svg, $"<rect x=\"{Margin}\" y=\"{Margin}\" width=\"{Size}\" height=\"{Size}\" ");
        svg.Append("fill=\"none\" stroke=\"black\"/>\n");
        Append(svg, $"<line x1=\"{Margin}\" y1=\"{Margin + Size}\" x2=\"{Margin + Size}\" y2=\"{Margin}\" ");
        svg.Append("stroke=\"#cc3311\" stroke-dasharray=\"4\"/>\n");
        Label(svg, Width / 2, Margin / 2, $"ECE {report.CalibrationError:F4}, accuracy {report.Accuracy:F4}");
        Label(svg, Width / 2, Width - (Margin / 4), $"confidence, 0 to 1 ({report.RowCount} rows)");
        Append(svg, $"<g transform=\"rotate(-90 {Margin / 2} {Width / 2})\">");
        Label(svg, Margin / 2, Width / 2, $"accuracy, 0 to 1");
        return svg.Append("</g>\n</svg>\n").ToString();
    }

    private static void Label(StringBuilder svg, double x, double y, FormattableString text)
    {
        Append(svg, $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">");
        Append(svg, text);
        svg.Append("</text>\n");
    }

    private static void Append(StringBuilder svg, FormattableString text)
        => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
