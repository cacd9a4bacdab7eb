// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits lines into fields. White space before a field is dropped, behind it is kept.</summary>
internal sealed class LineSplitter
{
    private readonly char[] _separators;
    private readonly bool _allowsQuotes;
    private readonly bool _allowsSparse;
    private readonly bool _trims;
    private readonly char _escape;
    private readonly StringBuilder _quoted = new();

    public LineSplitter(TextLoader.Options options)
    {
        _separators = options.Separators;
        _allowsQuotes = options.AllowQuoting;
        _allowsSparse = options.AllowSparse;
        _trims = options.TrimWhitespace;
        _escape = options.EscapeChar;
    }

    public void Split(string line, long lineNumber, TextFields fields)
    {
        fields.Clear();
        if (_trims)
            line = line.TrimEnd();
        int at = 0;
        do
        {
            at = SkipWhiteSpace(line, at);
            bool isQuoted = _allowsQuotes && at < line.Length && line[at] == '"';
            int end = isQuoted ? ReadQuoted(line, lineNumber, ref at, fields) : ReadPlain(line, at, fields);
            at = end + 1;
        }
        while (at <= line.Length);

        fields.ColumnCount = fields.Dense.Count;
        if (_allowsSparse)
            MoveSparse(lineNumber, fields);
    }

    /// <summary>Whether a quote of the line is still open at its end.</summary>
    public bool EndsInQuotes(string line)
    {
        if (!_allowsQuotes)
            return false;
        for (int at = 0; at <= line.Length; at++)
        {
            at = SkipWhiteSpace(line, at);
            if (at < line.Length && line[at] == '"' && (at = FindClosingQuote(line, at + 1)) < 0)
                return true;
            at = FindSeparator(line, at);
        }

        return false;
    }

    private int ReadPlain(string line, int start, TextFields fields)
    {
        int end = FindSeparator(line, start);
        fields.Dense.Add(line.AsMemory(start, end - start));
        return end;
    }

    private int ReadQuoted(string line, long lineNumber, ref int start, TextFields fields)
    {
        int close = FindClosingQuote(line, start + 1);
        if (close < 0)
        {
            // The host drops a field whose quote is never closed, and the rest of its line.
            fields.Dense.Add(default);
            return line.Length;
        }

        fields.Dense.Add(Unescape(line.AsMemory(start + 1, close - start - 1)));
        int end = SkipWhiteSpace(line, close + 1);
        if (end < line.Length && !_separators.Contains(line[end]))
            throw Marked.Format($"A separator must follow the closing quote of a field in line {lineNumber}");
        return end;
    }

    private int FindClosingQuote(string line, int start)
    {
        for (int i = start; i < line.Length; i++)
        {
            bool escapes = line[i] == _escape && i + 1 < line.Length && line[i + 1] == '"';
            if (escapes)
                i++;
            else if (line[i] == '"')
                return i;
        }

        return -1;
    }

    private ReadOnlyMemory<char> Unescape(ReadOnlyMemory<char> text)
    {
        ReadOnlySpan<char> span = text.Span;
        if (!span.Contains(_escape))
            return text;
        _quoted.Clear();
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i] == _escape && i + 1 < span.Length && span[i + 1] == '"')
                i++;
            _quoted.Append(span[i]);
        }

        return _quoted.ToString().AsMemory();
    }

    // "length index:value index:value": the field before the first pair is the number of columns that the pairs share.
    private static void MoveSparse(long lineNumber, TextFields fields)
    {
        int first = fields.Dense.FindIndex(field => TrySplitPair(field, out _, out _));
        if (first < 0)
            return;
        int start = first - 1;
        int length = 0;
        bool isGood = start >= 0
            && int.TryParse(fields.Dense[start].Span, NumberStyles.None, CultureInfo.InvariantCulture, out length);
        int previous = -1;
        foreach (ReadOnlyMemory<char> field in fields.Dense.Skip(first))
        {
            isGood = isGood && TrySplitPair(field, out int index, out ReadOnlyMemory<char> value)
                && index > previous && index < length && Add(index, value);
        }

        if (!isGood)
            throw Marked.Format(
                $"The sparse part must be a length and rising pairs of index and value in line {lineNumber}");
        fields.Dense.RemoveRange(start, fields.Dense.Count - start);
        fields.ColumnCount = start + length;

        bool Add(int index, ReadOnlyMemory<char> value)
        {
            previous = index;
            fields.Sparse.Add((start + index, value));
            return true;
        }
    }

    private static bool TrySplitPair(ReadOnlyMemory<char> field, out int index, out ReadOnlyMemory<char> value)
    {
        int colon = field.Span.IndexOf(':');
        value = colon < 0 ? default : field[(colon + 1)..];
        index = -1;
        return colon > 0 && int.TryParse(
            field.Span[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private int FindSeparator(string line, int start)
    {
        int end = line.AsSpan(start).IndexOfAny(_separators);
        return end < 0 ? line.Length : start + end;
    }

    private int SkipWhiteSpace(string line, int start)
    {
        while (start < line.Length && char.IsWhiteSpace(line[start]) && !_separators.Contains(line[start]))
            start++;
        return start;
    }
}
