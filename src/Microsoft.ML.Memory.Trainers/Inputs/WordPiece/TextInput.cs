// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Texts: a row has the number of tokens and their numbers, which a Single holds exactly.</summary>
/// <param name="tokenizer">Cuts texts into tokens.</param>
/// <param name="maxTokens">Most tokens of a text.</param>
internal sealed class TextInput(WordPieceTokenizer tokenizer, int maxTokens) : BackboneInput
{
    public WordPieceTokenizer Tokenizer => tokenizer;

    public override int RowLength => maxTokens + 1;

    public override int TokenCount => maxTokens;

    public override DataViewType ColumnType => TextDataViewType.Instance;

    public override DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        Columns.OfType(schema, name, TextDataViewType.Instance);

    public override void Check(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Columns.Find(shape, name);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType == TextDataViewType.Instance) return;
        throw new ArgumentException(
            $"Column '{name}' must be a text, as the backbone reads texts. Got {column.Kind} of {column.ItemType}.");
    }

    public override IRowReader CreateReader(DataViewRow row, DataViewSchema.Column column) =>
        new Reader(tokenizer, maxTokens, row.GetGetter<ReadOnlyMemory<char>>(column));

    /// <summary>Makes a batch as long as its longest text; a mask hides what is behind the shorter ones.</summary>
    public override BackboneBatch ToBatch(ReadOnlySpan<float> rows, int count, Device device)
    {
        int longest = 0, shortest = maxTokens;
        for (int row = 0; row < count; row++)
        {
            int length = (int)rows[row * RowLength];
            if (length < 2 || length > maxTokens)
                throw new ArgumentException($"A row must have 2 to {maxTokens} tokens. Got {length}.", nameof(rows));
            longest = Math.Max(longest, length);
            shortest = Math.Min(shortest, length);
        }

        var ids = new long[count * longest];
        var attention = new float[ids.Length];
        Array.Fill(ids, tokenizer.Vocabulary.Padding);
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> numbers = rows.Slice(row * RowLength, RowLength);
            int length = (int)numbers[0];
            for (int i = 0; i < length; i++) ids[(row * longest) + i] = (long)numbers[i + 1];
            attention.AsSpan(row * longest, length).Fill(1);
        }

        Tensor tokens = TensorData.From(ids, [count, longest], device);
        bool padded = shortest < longest;
        return BackboneBatch.Texts(tokens, null, padded ? TensorData.From(attention, [count, longest], device) : null);
    }

    public override TextKey[] TextsOf(ReadOnlySpan<float> rows, int count)
    {
        var texts = new TextKey[count];
        for (int row = 0; row < count; row++)
        {
            int length = (int)rows[row * RowLength];
            ReadOnlySpan<float> tokens = rows.Slice((row * RowLength) + 1, length);
            texts[row] = new TextKey(length, SectionFormat.Checksum(0, MemoryMarshal.AsBytes(tokens)));
        }

        return texts;
    }

    private sealed class Reader(WordPieceTokenizer tokenizer, int maxTokens, ValueGetter<ReadOnlyMemory<char>> getter)
        : IRowReader
    {
        private readonly int[] _ids = new int[maxTokens];
        private ReadOnlyMemory<char> _text;

        public void Read(Span<float> destination)
        {
            getter(ref _text);
            int count = tokenizer.Encode(_text.Span, _ids);
            destination[0] = count;
            for (int i = 0; i < count; i++) destination[i + 1] = _ids[i];
            destination[(count + 1)..].Clear();
        }
    }
}
