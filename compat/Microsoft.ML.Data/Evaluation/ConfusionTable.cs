// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The text form of a confusion matrix.</summary>
internal sealed class ConfusionTable
{
    private const string Predicted = "PREDICTED";

    private readonly ConfusionMatrix _matrix;
    private readonly int _cellWidth;
    private readonly string[] _heads;
    private readonly string[] _rowLabels;
    private readonly int _labelWidth;

    public ConfusionTable(ConfusionMatrix matrix, string[] names)
    {
        _matrix = matrix;
        // Two classes leave room for the words positive and negative.
        _cellWidth = matrix.NumberOfClasses == 2 ? 8 : 5;
        string[] numbers =
            [.. Enumerable.Range(0, matrix.NumberOfClasses).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        names ??= numbers;
        int longest = names.Max(n => n.Length);
        bool fits = longest <= _cellWidth;
        int digits = numbers[^1].Length;
        _heads = fits ? names : numbers;
        _rowLabels = fits
            ? names
            : [.. names.Select((n, i) => $"{numbers[i].PadLeft(digits)}. {n.PadLeft(longest)}")];
        _labelWidth = Math.Max(Predicted.Length, _rowLabels.Max(l => l.Length));
    }

    public override string ToString()
    {
        string rule = new('=', _matrix.NumberOfClasses * (_cellWidth + 3));
        var text = new StringBuilder("\nConfusion table\n");
        text.Append(' ', _labelWidth).Append(" ||").Append(rule).Append('\n');
        text.Append(Predicted.PadRight(_labelWidth)).Append(" ||");
        text.AppendJoin("", _heads.Select(h => " " + h.PadLeft(_cellWidth) + " |")).Append(" Recall\n");
        text.Append("TRUTH".PadRight(_labelWidth)).Append(" ||").Append(rule).Append('\n');
        for (int i = 0; i < _rowLabels.Length; i++)
        {
            AppendRow(text, i);
        }
        text.Append(' ', _labelWidth).Append(" ||").Append(rule).Append('\n');
        text.Append("Precision".PadRight(_labelWidth)).Append(" ||");
        text.AppendJoin("", _matrix.PerClassPrecision.Select(p => Share(p).PadLeft(_cellWidth + 1) + " |"));
        return text.Append('\n').ToString();
    }

    private void AppendRow(StringBuilder text, int row)
    {
        text.Append(_rowLabels[row].PadLeft(_labelWidth)).Append(" ||");
        text.AppendJoin("", _matrix.Counts[row].Select(c => " " + Count(c).PadLeft(_cellWidth) + " |"));
        text.Append(' ').Append(Share(_matrix.PerClassRecall[row])).Append('\n');
    }

    private static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
