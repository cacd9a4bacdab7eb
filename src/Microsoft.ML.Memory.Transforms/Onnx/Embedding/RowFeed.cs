// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory;

/// <summary>Keeps the rows of an input one after the other, in the network's own type.</summary>
/// <param name="input">The input.</param>
/// <param name="batch">How many rows the network takes together.</param>
internal abstract class RowFeed<T>(NetworkInput input, NetworkBatch batch) : NetworkFeed
    where T : unmanaged
{
    private T[] _ordered = [];
    private T[] _rearranged = [];

    /// <summary>Numbers of a row, where all rows have as many.</summary>
    protected int RowLength { get; } = input.IsOfAnyLength ? 0 : input.LengthOf(0);

    protected NetworkInput Input => input;

    /// <summary>The rows by their slots; there is room for as many as a block has.</summary>
    protected T[] Rows { get; private set; } = [];

    public override void Reserve(int rows)
    {
        if (Rows.Length < (long)rows * RowLength) Rows = new T[checked(rows * RowLength)];
    }

    public override void Prepare(ReadOnlySpan<int> order)
    {
        _ordered = Rows;
        for (int place = 0; place < order.Length; place++)
        {
            if (order[place] != place)
            {
                Rearrange(order);
                return;
            }
        }
    }

    public override OrtValue Bind(int start, int count, int tokenCount)
    {
        int length = RowLength;
        return Tensor(_ordered.AsMemory(start * length, count * length), count, tokenCount);
    }

    public override void CopyWeights(int place, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] = ElementCast.ToSingle(_ordered[(place * RowLength) + i]);
    }

    protected OrtValue Tensor(Memory<T> memory, int count, int tokenCount)
        => OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, memory, input.ShapeOf(batch.HasDimension ? count : null, tokenCount));

    private void Rearrange(ReadOnlySpan<int> order)
    {
        if (_rearranged.Length < (long)order.Length * RowLength)
            _rearranged = new T[checked(order.Length * RowLength)];
        for (int place = 0; place < order.Length; place++)
        {
            Rows.AsSpan(order[place] * RowLength, RowLength)
                .CopyTo(_rearranged.AsSpan(place * RowLength, RowLength));
        }

        _ordered = _rearranged;
    }
}
