// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;

namespace Microsoft.ML.Memory;

/// <summary>Cuts rows into head inputs and finds the pairs of each head.</summary>
/// <remarks>Reused from block to block; belongs to one thread at a time.</remarks>
internal sealed class BottleneckReader(HeadInputs inputs, NearestKeys[] keys, BottleneckSettings settings)
{
    private float[] _rows = [];

    /// <summary>[heads] for each head the pairs of the rows read last, [n, fetches]; -1 where there is none.</summary>
    public int[][] Pairs { get; private set; } = [.. keys.Select(_ => Array.Empty<int>())];

    /// <summary>Finds the pairs of rows.</summary>
    /// <param name="rows">[n, d], finite.</param>
    /// <param name="parallel">Threads to use; they never change a result.</param>
    public void Read(ReadOnlySpan<float> rows, ParallelOptions parallel)
    {
        int count = rows.Length / inputs.Dimension;
        if (_rows.Length < rows.Length)
        {
            _rows = new float[rows.Length];
            Pairs = [.. keys.Select(_ => new int[count * settings.FetchCount])];
        }

        Normalize(rows, _rows, inputs.Dimension, settings);
        Parallel.For(0, keys.Length, parallel, head => Find(head, count));
    }

    /// <summary>Scales rows to length 1 where the settings say so; a zero row stays zero.</summary>
    public static void Normalize(
        ReadOnlySpan<float> rows, Span<float> normalized, int dimension, BottleneckSettings settings)
    {
        rows.CopyTo(normalized);
        if (settings.NormalizeFeatures) UnitRow.ScaleAll(normalized[..rows.Length], dimension);
    }

    private void Find(int head, int count)
    {
        Span<int> pairs = Pairs[head].AsSpan(0, count * settings.FetchCount);
        pairs.Fill(-1);
        if (keys[head].Count == 0) return;
        float[] headInputs = ArrayPool<float>.Shared.Rent(count * inputs.KeyDimension);
        Span<float> computed = headInputs.AsSpan(0, count * inputs.KeyDimension);
        inputs.Compute(head, _rows.AsSpan(0, count * inputs.Dimension), computed);
        keys[head].Find(computed, settings.FetchCount, pairs);
        ArrayPool<float>.Shared.Return(headInputs);
    }
}
