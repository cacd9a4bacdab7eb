// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The lines of a text source, file after file, without headers and empty lines.</summary>
internal sealed class TextLines : IDisposable
{
    private readonly TextLoader.Options _options;
    private readonly IMultiStreamSource _source;
    private readonly LineSplitter _splitter;
    private TextReader _reader;
    private int _file;
    private long _rows;

    public TextLines(TextLoader.Options options, IMultiStreamSource source)
    {
        _options = options;
        _source = source;
        _splitter = new LineSplitter(options);
    }

    public string Current { get; private set; }

    /// <summary>Number of the current line in its file, counted from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The header of the first file that was opened.</summary>
    public string Header { get; private set; }

    public bool MoveNext()
    {
        if (_rows >= _options.MaxRows)
            return false;
        while (_reader is not null || OpenNext())
        {
            while (ReadLine() is { } line)
            {
                if (line.Length == 0)
                    continue;
                Current = Join(line);
                _rows++;
                return true;
            }

            Dispose();
        }

        return false;
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private bool OpenNext()
    {
        if (_file >= _source.Count)
            return false;
        _reader = _source.OpenTextReader(_file++);
        LineNumber = 0;
        if (!_options.HasHeader)
            return true;
        string header = ReadLine();
        while (header?.Length == 0)
            header = ReadLine();
        Header ??= header;
        return true;
    }

    // A quoted field may go on in the next line.
    private string Join(string line)
    {
        if (!_options.ReadMultilines)
            return line;
        while (_splitter.EndsInQuotes(line) && ReadLine() is { } next)
            line = $"{line}\n{next}";
        return line;
    }

    private string ReadLine()
    {
        LineNumber++;
        return _reader.ReadLine();
    }
}
