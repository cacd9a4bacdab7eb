// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Some examples; valid until the next batch is asked for.</summary>
internal sealed class ExampleBatch(int capacity, int rowLength)
{
    private readonly float[] _rows = new float[Numbers(capacity, rowLength)];
    private readonly long[] _labels = new long[capacity];
    private readonly long[] _positions = new long[capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>[n, d].</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, Count * rowLength);

    /// <summary>[n] classes.</summary>
    public ReadOnlySpan<long> Labels => _labels.AsSpan(0, Count);

    /// <summary>[n] places among the labelled rows of the view.</summary>
    public ReadOnlySpan<long> Positions => _positions.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(ReadOnlySpan<float> row, long label, long position)
    {
        row.CopyTo(_rows.AsSpan(Count * rowLength, rowLength));
        _labels[Count] = label;
        _positions[Count++] = position;
    }

    private static int Numbers(int capacity, int rowLength)
    {
        long numbers = (long)capacity * rowLength;
        return numbers <= Array.MaxLength ? (int)numbers : throw new InvalidOperationException(
            $"FineTuneOptions.BatchSize must make a batch of at most {Array.MaxLength} numbers. Got {capacity} rows of "
            + $"{rowLength}. Lower it.");
    }
}
