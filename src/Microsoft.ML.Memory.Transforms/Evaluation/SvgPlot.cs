// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Net;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>A line plot of shares in [0, 1] as an SVG picture: axes, grid, lines and a legend.</summary>
internal sealed class SvgPlot
{
    private const int Width = 860;
    private const int Height = 420;
    private const int Left = 56;
    private const int Top = 40;
    private const int Right = 640;
    private const int Bottom = 370;
    private const int LegendLine = 18;
    private const int TickCount = 8;

    /// <summary>Colours that remain apart for most who see colours differently, after Okabe and Ito.</summary>
    private static readonly string[] _colors =
        ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"];

    private readonly StringBuilder _lines = new();
    private readonly StringBuilder _frame = new();
    private readonly double _from;
    private readonly double _to;
    private int _count;

    /// <summary>Draws axes and grid.</summary>
    /// <param name="title">Above the plot.</param>
    /// <param name="xTitle">Below the plot.</param>
    /// <param name="from">The x at the left.</param>
    /// <param name="to">The x at the right, larger.</param>
    public SvgPlot(string title, string xTitle, double from, double to)
    {
        _from = from;
        _to = to;
        Text(_frame, Left, 22, title, "font-size=\"15\"");
        Text(_frame, (Left + Right) / 2.0, Height - 12, xTitle, "text-anchor=\"middle\"");
        for (int tenth = 0; tenth <= 10; tenth += 2)
        {
            double y = Y(tenth / 10.0);
            Line(_frame, Left, y, Right, y, "#dddddd");
            Text(_frame, Left - 8, y + 4, Number(tenth / 10.0), "text-anchor=\"end\"");
        }

        double step = RoundStep((to - from) / TickCount);
        for (double x = Math.Ceiling(from / step) * step; x <= to; x += step)
        {
            Line(_frame, X(x), Bottom, X(x), Bottom + 5, "#333333");
            Text(_frame, X(x), Bottom + 20, Number(x), "text-anchor=\"middle\"");
        }

        Line(_frame, Left, Bottom, Right, Bottom, "#333333");
    }

    /// <summary>Draws one line and names it in the legend.</summary>
    public void Add(string name, (double X, double Y)[] points, bool isDashed = false)
    {
        string color = _colors[_count % _colors.Length];
        string dash = isDashed ? " stroke-dasharray=\"6 4\"" : "";
        string path = string.Join(' ', points.Select(point => $"{Number(X(point.X))},{Number(Y(point.Y))}"));
        _lines.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"");
        _lines.Append(CultureInfo.InvariantCulture, $"{dash} points=\"{path}\"/>\n");
        if (points.Length == 1)
        {
            _lines.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Number(X(points[0].X))}\" ");
            _lines.Append(CultureInfo.InvariantCulture, $"cy=\"{Number(Y(points[0].Y))}\" r=\"3\" ");
            _lines.Append(CultureInfo.InvariantCulture, $"fill=\"{color}\"/>\n");
        }

        double y = Top + 8 + (_count * LegendLine);
        Line(_lines, Right + 16, y, Right + 44, y, color, dash);
        Text(_lines, Right + 52, y + 4, name, "");
        _count++;
    }

    /// <summary>Gives the picture.</summary>
    public override string ToString()
    {
        int height = Math.Max(Height, Top + (_count * LegendLine) + 16);
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" "
            + "font-family=\"sans-serif\" font-size=\"12\">\n"
            + $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
            + _frame + _lines + "</svg>\n";
    }

    /// <summary>Gives the least of 1, 2, 5, 10, 20, 50, ... that is not below a number.</summary>
    private static double RoundStep(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, least))));
        double[] steps = [power, 2 * power, 5 * power, 10 * power];
        return Array.Find(steps, step => step >= least);
    }

    private static double Y(double share) => Bottom - (share * (Bottom - Top));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static void Line(
        StringBuilder picture, double fromX, double fromY, double toX, double toY, string color, string more = "")
        => picture.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Number(fromX)}\" y1=\"{Number(fromY)}\" ")
            .Append(CultureInfo.InvariantCulture, $"x2=\"{Number(toX)}\" y2=\"{Number(toY)}\" ")
            .Append(CultureInfo.InvariantCulture, $"stroke=\"{color}\"{more}/>\n");

    private static void Text(StringBuilder picture, double x, double y, string text, string more)
        => picture.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(y)}\" {more}>")
            .Append(CultureInfo.InvariantCulture, $"{WebUtility.HtmlEncode(text)}</text>\n");

    private double X(double value) => Left + ((value - _from) / (_to - _from) * (Right - Left));
}
