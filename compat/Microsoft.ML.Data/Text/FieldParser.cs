// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>
/// Parses fields of one type. An empty field is absent; a real that is none is NaN; a key that is none, or too large,
/// is missing; any other value that cannot be parsed is an error.
/// </summary>
internal sealed class FieldParser<TItem>
{
    private readonly string _columnName;
    private readonly TextParsing.Parser<TItem> _parse;
    private readonly bool _isText;
    private readonly bool _isReal;
    private readonly ulong? _keyCount;
    private readonly bool _swapsMarker;
    private readonly bool _emptyIsNaN;

    public FieldParser(TextColumn column, TextLoader.Options options)
    {
        _columnName = column.Name;
        DataViewType item = PrimitiveTypes.ItemTypeOf(column.Type);
        _parse = (TextParsing.Parser<TItem>)TextParsing.Find(typeof(TItem));
        _isText = item is TextDataViewType;
        _isReal = item == NumberDataViewType.Single || item == NumberDataViewType.Double;
        _keyCount = (item as KeyDataViewType)?.Count;
        _swapsMarker = _isReal && options.DecimalMarker == ',';
        _emptyIsNaN = _isReal && options.MissingRealsAsNaNs;
    }

    /// <summary>The value of a field; false where it is empty.</summary>
    public bool TryParse(ReadOnlyMemory<char> text, long lineNumber, out TItem value)
    {
        if (_isText)
        {
            value = (TItem)(object)text;
            return !text.IsEmpty;
        }

        ReadOnlySpan<char> span = text.Span.TrimEnd();
        if (span.IsEmpty)
        {
            value = _emptyIsNaN ? Primitive.Missing<TItem>() : default;
            return _emptyIsNaN;
        }

        if (_keyCount is { } count)
        {
            bool isKey = ulong.TryParse(span, NumberStyles.None, CultureInfo.InvariantCulture, out ulong key);
            value = isKey && key < count ? (TItem)Convert.ChangeType(key + 1, typeof(TItem), null) : default;
            return true;
        }

        if (_swapsMarker)
            span = SwapMarker(span);
        if (_parse(span, out value) || _isReal)
            return true;
        InvalidOperationException inner =
            Marked.Operation($"Could not parse value {span} in line {lineNumber}, column {_columnName}");
        throw Marked.Format($"Parsing failed with an exception: {inner.Message}", inner);
    }

    // A point is no part of a number then.
    private static string SwapMarker(ReadOnlySpan<char> text) => text.Contains('.')
        ? text.ToString()
        : text.ToString().Replace(',', '.');
}
