// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Parses the value of a scalar column.</summary>
internal sealed class TextScalarReader<TItem> : TextColumnReader
{
    private readonly int _source;
    private readonly FieldParser<TItem> _parser;
    private readonly ValueGetter<TItem> _getter;
    private TItem _value;

    public TextScalarReader(TextColumn column, FieldParser<TItem> parser, Action checkGood)
    {
        _source = column.Sources[0];
        _parser = parser;
        _getter = (ref TItem value) =>
        {
            checkGood();
            value = _value;
        };
    }

    public override Delegate Getter => _getter;

    public override void Read(TextFields fields, long lineNumber)
    {
        if (!fields.TryGet(_source, out ReadOnlyMemory<char> text) || !_parser.TryParse(text, lineNumber, out _value))
            _value = default;
    }
}
