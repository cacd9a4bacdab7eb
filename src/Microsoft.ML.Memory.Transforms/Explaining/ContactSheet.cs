// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>Draws a query and the neighbours that voted on it: rank, label and share of the vote below each.</summary>
internal static class ContactSheet
{
    private const int TextScale = 2;
    private const int Margin = 8;
    private const int Columns = 5;
    private const int CaptionLines = 3;
    private const int CaptionLength = 14;
    private const int LineHeight = (BitmapFont.GlyphHeight + 2) * TextScale;
    private const int GlyphWidth = (BitmapFont.GlyphWidth + 1) * TextScale;

    private static readonly (byte, byte, byte) _black = (0, 0, 0);
    private static readonly (byte, byte, byte) _green = (0, 120, 0);
    private static readonly (byte, byte, byte) _red = (190, 0, 0);

    /// <summary>
    /// Gives the sheet as PNG: the query at the left, where there is one, and the neighbours in rows of five.
    /// </summary>
    public static byte[] Draw(
        Explanation explanation, SheetImage?[] images, SheetImage? query, string? trueLabel, int scale)
    {
        int side = images.Max(image => (image?.Width ?? 0) * scale);
        int height = images.Max(image => (image?.Height ?? 0) * scale);
        int cellWidth = Math.Max(side, CaptionLength * GlyphWidth) + Margin;
        int cellHeight = height + (CaptionLines * LineHeight) + Margin;
        int queryWidth = query is null
            ? CaptionLength * GlyphWidth
            : Math.Max(query.Width * 2 * scale, CaptionLength * GlyphWidth);
        int queryHeight = (query?.Height ?? 0) * 2 * scale;
        int rows = (images.Length + Columns - 1) / Columns;
        int left = queryWidth + (2 * Margin);
        var canvas = new Canvas(
            left + (Columns * cellWidth) + Margin,
            Margin + Math.Max(queryHeight + (CaptionLines * LineHeight) + Margin, rows * cellHeight));

        if (query is not null) canvas.DrawImage(query, Margin, Margin, 2 * scale);
        DrawLines(canvas, Margin, Margin + queryHeight, Title(explanation, trueLabel), _black);
        for (int rank = 0; rank < images.Length; rank++)
        {
            int x = left + (rank % Columns * cellWidth);
            int y = Margin + (rank / Columns * cellHeight);
            Contribution each = explanation.Contributions[rank];
            if (images[rank] is { } image) canvas.DrawImage(image, x, y, scale);
            string share = each.Share.ToString("P1", CultureInfo.InvariantCulture);
            string id = each.Id.ToString(CultureInfo.InvariantCulture);
            string[] caption = [$"#{rank + 1} id {id}", each.Label, share];
            bool isRight = each.Label == (trueLabel ?? explanation.PredictedLabel);
            DrawLines(canvas, x, y + height, caption, isRight ? _green : _red);
        }

        return PngWriter.Write(canvas);
    }

    private static string[] Title(Explanation explanation, string? trueLabel)
    {
        string query = explanation.Row is { } row
            ? "query " + row.ToString(CultureInfo.InvariantCulture)
            : "query";
        string answer = explanation.PredictedLabel is { } label ? $"taken for {label}" : "no prediction";
        return trueLabel is null ? [query, answer] : [query, $"is {trueLabel}", answer];
    }

    private static void DrawLines(Canvas canvas, int left, int top, string[] lines, (byte, byte, byte) color)
    {
        for (int line = 0; line < lines.Length; line++)
        {
            string text = lines[line].Length <= CaptionLength ? lines[line] : lines[line][..CaptionLength];
            canvas.DrawText(text, left, top + (2 * TextScale) + (line * LineHeight), TextScale, color);
        }
    }
}
