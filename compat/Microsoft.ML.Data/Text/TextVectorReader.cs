// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Parses the values of a vector column; absent and empty fields are not stored.</summary>
internal sealed class TextVectorReader<TItem> : TextColumnReader
{
    private readonly int[] _sources;
    private readonly bool _isRun;
    private readonly FieldParser<TItem> _parser;
    private readonly ValueGetter<VBuffer<TItem>> _getter;
    private readonly TItem[] _values;
    private readonly int[] _slots;
    private int _count;

    public TextVectorReader(TextColumn column, FieldParser<TItem> parser, Action checkGood)
    {
        _sources = column.Sources;
        _isRun = _sources.Zip(_sources.Skip(1)).All(pair => pair.Second == pair.First + 1);
        _parser = parser;
        _values = new TItem[_sources.Length];
        _slots = new int[_sources.Length];
        _getter = (ref VBuffer<TItem> value) =>
        {
            checkGood();
            Store(ref value);
        };
    }

    public override Delegate Getter => _getter;

    public override void Read(TextFields fields, long lineNumber)
    {
        _count = 0;
        if (!_isRun)
        {
            for (int slot = 0; slot < _sources.Length; slot++)
            {
                if (fields.TryGet(_sources[slot], out ReadOnlyMemory<char> text))
                    Add(slot, text, lineNumber);
            }

            return;
        }

        int start = _sources[0];
        int end = Math.Min(start + _sources.Length, fields.Dense.Count);
        for (int i = start; i < end; i++)
            Add(i - start, fields.Dense[i], lineNumber);
        foreach ((int column, ReadOnlyMemory<char> text) in fields.Sparse)
        {
            if (column >= start && column - start < _sources.Length)
                Add(column - start, text, lineNumber);
        }
    }

    private void Add(int slot, ReadOnlyMemory<char> text, long lineNumber)
    {
        if (!_parser.TryParse(text, lineNumber, out TItem value))
            return;
        _values[_count] = value;
        _slots[_count++] = slot;
    }

    private void Store(ref VBuffer<TItem> result)
    {
        int length = _sources.Length;
        bool isDense = _count * 2L >= length;
        VBufferEditor<TItem> editor = VBufferEditor.Create(ref result, length, isDense ? length : _count);
        if (isDense)
        {
            editor.Values.Clear();
            for (int i = 0; i < _count; i++)
                editor.Values[_slots[i]] = _values[i];
        }
        else
        {
            _values.AsSpan(0, _count).CopyTo(editor.Values);
            _slots.AsSpan(0, _count).CopyTo(editor.Indices);
        }

        result = editor.Commit();
    }
}
