// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The last rows of a stream, as many as fit.</summary>
internal sealed class RecentRows(int capacity, int dimension)
{
    private readonly Queue<float[]> _rows = new();

    /// <summary>Adds a copy of a finite row; the oldest leaves where there are too many.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        float[] kept = _rows.Count == capacity ? _rows.Dequeue() : new float[dimension];
        row.CopyTo(kept);
        _rows.Enqueue(kept);
    }

    /// <summary>Gives all rows, oldest first, [n, d].</summary>
    public float[] ToArray() => [.. _rows.SelectMany(row => row)];

    public void Clear() => _rows.Clear();
}
