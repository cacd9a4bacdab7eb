// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory;

/// <summary>Feeds a column of token ids, as many as each row has.</summary>
internal sealed class TokenFeed<T>(
    NetworkInput input, NetworkBatch batch, DataViewRow row, DataViewSchema.Column column)
    : RowFeed<T>(input, batch)
    where T : unmanaged
{
    private readonly ColumnNumbers _numbers = ColumnNumbers.Of(row, column);
    private T[][] _read = [];
    private int[] _lengths = [];
    private T[] _ordered = [];
    private int[] _starts = [];

    public override void Reserve(int rows)
    {
        if (_read.Length >= rows) return;
        int before = _read.Length;
        Array.Resize(ref _read, rows);
        Array.Resize(ref _lengths, rows);
        _read.AsSpan(before).Fill([]);
    }

    public override void Read(int slot)
    {
        int length = _numbers.Read();
        if (length == 0)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' must hold at least one token in every row. Got none in row {row.Position}.");
        }

        if (_read[slot].Length < length) _read[slot] = new T[length];
        int wrong = _numbers.CopyTo(_read[slot].AsSpan(0, length));
        if (wrong >= 0) throw FeedErrors.Unfit<T>(Input, column, _numbers.Shown(wrong), row.Position);
        _lengths[slot] = length;
    }

    public override int? TokenCountOf(int slot) => _lengths[slot];

    public override void Prepare(ReadOnlySpan<int> order)
    {
        if (_starts.Length < order.Length) _starts = new int[order.Length];
        int total = 0;
        for (int place = 0; place < order.Length; place++)
        {
            _starts[place] = total;
            total = checked(total + _lengths[order[place]]);
        }

        if (_ordered.Length < total) _ordered = new T[total];
        for (int place = 0; place < order.Length; place++)
        {
            int slot = order[place];
            _read[slot].AsSpan(0, _lengths[slot]).CopyTo(_ordered.AsSpan(_starts[place]));
        }
    }

    public override OrtValue Bind(int start, int count, int tokenCount)
        => Tensor(_ordered.AsMemory(_starts[start], count * tokenCount), count, tokenCount);

    public override void CopyWeights(int place, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] = ElementCast.ToSingle(_ordered[_starts[place] + i]);
    }
}
