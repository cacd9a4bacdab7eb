// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>
/// Prints each figure as a JSON line when it is there, and all of them as a Markdown table at the end.
/// </summary>
internal sealed class BenchReport(string bench, TextWriter output)
{
    private readonly List<Figure> _figures = [];
    private readonly List<string> _notes = [];

    /// <summary>Prints one figure.</summary>
    /// <param name="figure">What was measured.</param>
    public void Add(Figure figure)
    {
        _figures.Add(figure);
        output.WriteLine(JsonSerializer.Serialize(new
        {
            bench,
            @case = figure.Case,
            metric = figure.Metric,
            value = Rounded(figure.Value),
            unit = figure.Unit,
            spread = figure.Spread,
            peer = figure.Peer,
            ratio = Rounded(figure.Ratio),
            floor = figure.Floor,
            met = figure.Met,
        }));
        output.Flush();
    }

    /// <summary>Keeps a remark for the end, such as a peer that is not on this machine.</summary>
    public void Note(string note) => _notes.Add(note);

    /// <summary>Prints the table and the remarks.</summary>
    public void WriteTable()
    {
        output.WriteLine();
        output.WriteLine("| case | metric | value | unit | spread | peer | ratio | floor | met |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (Figure f in _figures)
        {
            string met = f.Met switch { true => "yes", false => "no", null => "" };
            output.WriteLine(
                $"| {f.Case} | {f.Metric} | {Text(f.Value)} | {f.Unit} | {f.Spread} "
                + $"| {f.Peer} | {Text(f.Ratio)} | {Text(f.Floor)} | {met} |");
        }

        foreach (string note in _notes) output.WriteLine($"\n{note}");
    }

    private static double? Rounded(double? value) => value is { } number && double.IsFinite(number)
        ? double.Parse(Text(number), CultureInfo.InvariantCulture)
        : null;

    private static string Text(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
}
