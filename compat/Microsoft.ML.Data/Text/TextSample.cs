// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>What the first lines of a text source tell: the number of columns and their names.</summary>
internal sealed class TextSample
{
    private const int LineCount = 1000;

    private TextSample(int columnCount, string[] names)
    {
        ColumnCount = columnCount;
        Names = names;
    }

    public int ColumnCount { get; }

    /// <summary>The fields of the header; null where there is none.</summary>
    public string[] Names { get; }

    public static TextSample Read(TextLoader.Options options, IMultiStreamSource source)
    {
        using var lines = new TextLines(options, source);
        var fields = new TextFields();
        var splitter = new LineSplitter(options);
        int count = 0;
        for (int i = 0; i < LineCount && lines.MoveNext(); i++)
        {
            splitter.Split(lines.Current, lines.LineNumber, fields);
            count = Math.Max(count, fields.ColumnCount);
        }

        string[] names = null;
        if (lines.Header is { } header)
        {
            splitter.Split(header, 1, fields);
            names = [.. fields.Dense.Select(field => field.ToString())];
            count = Math.Max(count, names.Length);
        }

        return new TextSample(count, names);
    }
}
