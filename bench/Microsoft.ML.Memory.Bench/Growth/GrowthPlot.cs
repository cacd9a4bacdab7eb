// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Lines over logarithmic axes, as an SVG picture.</summary>
internal sealed class GrowthPlot(string title)
{
    private const int Width = 760, Height = 460, Left = 70, Right = 190, Top = 50, Bottom = 50, NameHeight = 16;

    private static readonly string[] _colors = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e5ea2", "#d08b00"];

    private readonly List<(string Name, List<(double X, double Y)> Points)> _lines = [];

    public void Add(string name, List<(double X, double Y)> points) => _lines.Add((name, points));

    public string ToSvg()
    {
        double[] x = [.. _lines.SelectMany(line => line.Points).Select(point => Math.Log10(point.X))];
        double[] y = [.. _lines.SelectMany(line => line.Points).Select(point => Math.Log10(point.Y))];
        (double lowX, double highX) = (Math.Floor(x.Min()), Math.Ceiling(x.Max()));
        (double lowY, double highY) = (Math.Floor(y.Min()), Math.Ceiling(y.Max()));
        double PlaceX(double value) => Left + ((Width - Left - Right) * (value - lowX) / (highX - lowX));
        double PlaceY(double value) => Height - Bottom - ((Height - Top - Bottom) * (value - lowY) / (highY - lowY));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" ");
        svg.Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" ");
        svg.AppendLine("font-size=\"13\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Text(svg, Left, 26, "start", title);
        for (double decade = lowX; decade <= highX; decade++)
        {
            Line(svg, [(PlaceX(decade), PlaceY(lowY)), (PlaceX(decade), PlaceY(highY))], "#ddd", 1);
            Text(svg, PlaceX(decade), Height - Bottom + 20, "middle", Power(decade));
        }

        for (double decade = lowY; decade <= highY; decade++)
        {
            Line(svg, [(PlaceX(lowX), PlaceY(decade)), (PlaceX(highX), PlaceY(decade))], "#ddd", 1);
            Text(svg, Left - 8, PlaceY(decade) + 4, "end", Seconds(decade));
        }

        double lowest = 0; // of the names written so far, which must not lie upon each other
        foreach (int index in Enumerable.Range(0, _lines.Count).OrderBy(index => PlaceY(LastOf(index))))
        {
            (string name, List<(double X, double Y)> points) = _lines[index];
            string color = _colors[index % _colors.Length];
            (double X, double Y)[] places =
                [.. points.Select(point => (PlaceX(Math.Log10(point.X)), PlaceY(Math.Log10(point.Y))))];
            Line(svg, places, color, 2);
            lowest = Math.Max(lowest + NameHeight, places[^1].Y + 4);
            Text(svg, places[^1].X + 8, lowest, "start", name, color);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private double LastOf(int line) => Math.Log10(_lines[line].Points[^1].Y);

    private static string Power(double decade) => Math.Pow(10, decade).ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(double decade) => decade switch
    {
        < -6 => FormattableString.Invariant($"{Math.Pow(10, decade + 9):G3} ns"),
        < -3 => FormattableString.Invariant($"{Math.Pow(10, decade + 6):G3} us"),
        < 0 => FormattableString.Invariant($"{Math.Pow(10, decade + 3):G3} ms"),
        _ => FormattableString.Invariant($"{Math.Pow(10, decade):G3} s"),
    };

    private static void Line(StringBuilder svg, IEnumerable<(double X, double Y)> places, string color, int width)
    {
        string points = string.Join(
            ' ', places.Select(place => FormattableString.Invariant($"{place.X:F1},{place.Y:F1}")));
        svg.AppendLine($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"/>");
    }

    private static void Text(
        StringBuilder svg, double x, double y, string anchor, string text, string color = "#333")
        => svg.AppendLine(
            FormattableString.Invariant(
                $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" fill=\"{color}\">{text}</text>"));
}
