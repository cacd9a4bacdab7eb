// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>Why a memory predicted what it did: every neighbour, and its share of the vote.</summary>
/// <remarks>
/// <para>The vote is a sum over entries, so the shares are no estimate: those of a class add up to its score, and all
/// of them to 1 as nearly as the scores do, which are Singles. Where nobody votes there is no predicted class, all
/// shares are 0 and the scores are the shares of the classes in the memory.</para>
/// <para>Immutable, so safe for concurrent use.</para>
/// <para>Source: Geirhos et al., ICML 2025, arXiv 2408.08172 (decisions that can be traced to entries).</para>
/// </remarks>
public sealed class Explanation
{
    private readonly float[] _scores;
    private readonly Contribution[] _contributions;

    internal Explanation(
        long? row, int? predictedClass, IReadOnlyList<string> classNames, float[] scores, Contribution[] contributions)
    {
        Row = row;
        PredictedClass = predictedClass;
        ClassNames = classNames;
        _scores = scores;
        _contributions = contributions;
    }

    /// <summary>Position of the row in its view; null where the features were given alone.</summary>
    public long? Row { get; }

    /// <summary>Class that was predicted, an index into <see cref="Scores"/>; null where nobody voted.</summary>
    public int? PredictedClass { get; }

    /// <summary>Name of the predicted class; null where nobody voted.</summary>
    public string? PredictedLabel => PredictedClass is { } index ? ClassNames[index] : null;

    /// <summary>Name of each class, [c].</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Score of each class, [c], bit for bit as column <c>Score</c> has it.</summary>
    public IReadOnlyList<float> Scores => _scores;

    /// <summary>Every neighbour and its share, nearest first.</summary>
    public IReadOnlyList<Contribution> Contributions => _contributions;

    /// <summary>Gives the explanation as lines of text, the same in every culture; ranks count from 1.</summary>
    public string ToTable()
    {
        int idWidth = Width("id", each => Text(each.Id));
        int labelWidth = Width("label", each => each.Label);
        var table = new StringBuilder();
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (PredictedClass is { } winner) table.Append(culture, $"{ClassNames[winner]}, score {_scores[winner]:F4}\n");
        else table.Append("no prediction\n");
        table.Append("   #  ").Append("id".PadLeft(idWidth)).Append("  ").Append("label".PadRight(labelWidth));
        table.Append("    distance    share\n");
        foreach (Contribution each in _contributions)
        {
            table.Append(culture, $"{each.Rank + 1,4}  ").Append(Text(each.Id).PadLeft(idWidth)).Append("  ");
            table.Append(each.Label.PadRight(labelWidth));
            table.Append(culture, $"  {each.Distance,10:G6}  {each.Share,7:P1}\n");
        }

        return table.ToString();
    }

    /// <summary>Gives the explanation as a JSON object, numbers in full and the same in every culture.</summary>
    /// <remarks>
    /// Members: <c>row</c>, <c>predictedClass</c>, <c>predictedLabel</c> (each null where there is none), <c>scores</c>
    /// (class name and score), <c>contributions</c> (members of <see cref="Contribution"/>, ranks from 0; a distance
    /// beyond Single is null).
    /// </remarks>
    public string ToJson() => ExplanationJson.Write(this);

    /// <summary>Draws the neighbours, with their labels and shares, around the query.</summary>
    /// <param name="imageOf">Gives the image of an entry by its id; null leaves its place white.</param>
    /// <param name="query">Image of the query, drawn twice as large; null leaves it out.</param>
    /// <param name="trueLabel">
    /// Label of the query: neighbours of that label are green, others red. Null takes the predicted label.
    /// </param>
    /// <param name="scale">Side of the square that a pixel becomes, in [1, 64].</param>
    /// <returns>
    /// A PNG file: RGB, five neighbours in a row. Captions show letters of A to Z, digits and a few signs, and end
    /// after 14 of them; cost and memory grow with the pixels drawn.
    /// </returns>
    /// <exception cref="ArgumentException">The scale is out of range.</exception>
    /// <exception cref="InvalidOperationException">There is no neighbour to draw.</exception>
    public byte[] ToContactSheet(
        Func<long, SheetImage?> imageOf, SheetImage? query = null, string? trueLabel = null, int scale = 4)
    {
        ArgumentNullException.ThrowIfNull(imageOf);
        if (scale is < 1 or > 64)
            throw new ArgumentException($"ToContactSheet's scale must be in [1, 64]. Got {scale}.", nameof(scale));
        if (_contributions.Length == 0)
        {
            throw new InvalidOperationException(
                "Explanation.ToContactSheet must have a neighbour to draw. Got none. "
                + "Explain a row with finite features, by a memory with entries.");
        }

        SheetImage?[] images = Array.ConvertAll(_contributions, each => imageOf(each.Id));
        return ContactSheet.Draw(this, images, query, trueLabel, scale);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private int Width(string title, Func<Contribution, string> text)
        => Math.Max(title.Length, _contributions.Select(each => text(each).Length).DefaultIfEmpty(0).Max());
}
