// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Accuracy against activation memory, one point a method, as an SVG picture.</summary>
internal static class TransferPlot
{
    private const int Width = 760, Height = 460, Left = 60, Right = 150, Top = 40, Bottom = 50, NameHeight = 13;
    private const int NameWidth = 95;
    private const double LeastShare = 1e-3;

    /// <returns>A remark that says where the picture is.</returns>
    public static string Save(IReadOnlyList<(string Name, double Share, double Accuracy)> points)
    {
        const string file = "petl.svg";
        File.WriteAllText(file, ToSvg(points));
        return $"The plot is in {file} in the current folder; the one in bench/ was made so.";
    }

    private static string ToSvg(IReadOnlyList<(string Name, double Share, double Accuracy)> points)
    {
        double low = Math.Floor(points.Min(p => p.Accuracy) * 20) / 20;
        double high = Math.Ceiling(points.Max(p => p.Accuracy) * 20) / 20;
        double Across(double share) => Left + ((Width - Left - Right)
            * (Math.Log10(Math.Max(share, LeastShare)) - Math.Log10(LeastShare)) / -Math.Log10(LeastShare));
        double Down(double accuracy) => Height - Bottom - ((Height - Top - Bottom) * (accuracy - low) / (high - low));

        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Text(svg, Left, 22, "start", "Accuracy (mean of the sets) against activations kept, full fine-tuning = 1");
        foreach (double share in new[] { 0.001, 0.01, 0.1, 1 })
        {
            Line(svg, Across(share), Top, Across(share), Height - Bottom);
            Text(svg, Across(share), Height - Bottom + 18, "middle", share.ToString(CultureInfo.InvariantCulture));
        }

        for (double accuracy = low; accuracy <= high + 1e-9; accuracy += 0.05)
        {
            Line(svg, Left, Down(accuracy), Width - Right, Down(accuracy));
            Text(svg, Left - 8, Down(accuracy) + 4, "end", accuracy.ToString("0.00", CultureInfo.InvariantCulture));
        }

        var names = new List<(double X, double Y)>(); // those written so far, which must not lie upon each other
        foreach ((string name, double share, double accuracy) in points.OrderBy(p => Down(p.Accuracy)))
        {
            double x = Across(share), y = Down(accuracy), below = y + 4;
            while (names.Exists(n => Math.Abs(n.X - x) < NameWidth && Math.Abs(n.Y - below) < NameHeight)) below++;
            svg.AppendLine(
                CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\" fill=\"#1b6ca8\"/>");
            names.Add((x, below));
            Text(svg, x + 8, below, "start", name);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2) => svg.AppendLine(
        CultureInfo.InvariantCulture,
        $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"#ddd\"/>");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) => svg.AppendLine(
        CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{text}</text>");
}
