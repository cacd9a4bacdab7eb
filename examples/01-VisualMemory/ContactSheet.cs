// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

using ExampleData;

namespace VisualMemoryExample;

/// <summary>Draws a query and the neighbours that voted on it: rank, label and share of the vote below each.</summary>
internal static class ContactSheet
{
    private const int Scale = 4;
    private const int TextScale = 2;
    private const int Margin = 8;
    private const int Columns = 5;
    private const int Side = ImageSet.Side * Scale;
    private const int LineHeight = (BitmapFont.GlyphHeight + 2) * TextScale;
    private const int CellWidth = Side + Margin;
    private const int CellHeight = Side + Margin + (3 * LineHeight);

    private static readonly (byte, byte, byte) _black = (0, 0, 0);
    private static readonly (byte, byte, byte) _green = (0, 120, 0);
    private static readonly (byte, byte, byte) _red = (190, 0, 0);

    /// <summary>Writes the sheet as PNG; labels equal to the true one are green, others red.</summary>
    public static void Write(string path, Prediction prediction, ImageSet queries, ImageSet memory)
    {
        int count = prediction.NeighborIds.Length;
        int rows = Math.Max(2, (count + Columns - 1) / Columns);
        var canvas = new Canvas((2 * CellWidth) + (Columns * CellWidth) + (3 * Margin), Margin + (rows * CellHeight));

        int query = (int)prediction.Id;
        string truth = queries.LabelOf(query);
        canvas.DrawImage(queries.PixelsOf(query), Margin, Margin, 2 * Scale);
        string[] title = [$"query {query}", $"is {truth}", $"taken for {prediction.PredictedClass}"];
        DrawLines(canvas, Margin, Margin + (2 * Side), title, _black);

        for (int rank = 0; rank < count; rank++)
        {
            int left = (2 * CellWidth) + (2 * Margin) + (rank % Columns * CellWidth);
            int top = Margin + (rank / Columns * CellHeight);
            int id = (int)prediction.NeighborIds[rank];
            string label = memory.LabelOf(id);
            string share = prediction.NeighborWeights[rank].ToString("P1", CultureInfo.InvariantCulture);
            canvas.DrawImage(memory.PixelsOf(id), left, top, Scale);
            string[] caption = [$"#{rank + 1} id {id}", label, share];
            DrawLines(canvas, left, top + Side, caption, label == truth ? _green : _red);
        }

        PngWriter.Write(path, canvas);
    }

    private static void DrawLines(Canvas canvas, int left, int top, string[] lines, (byte, byte, byte) color)
    {
        for (int line = 0; line < lines.Length; line++)
            canvas.DrawText(lines[line], left, top + (2 * TextScale) + (line * LineHeight), TextScale, color);
    }
}
