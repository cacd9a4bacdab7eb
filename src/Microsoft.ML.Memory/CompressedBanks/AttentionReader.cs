// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Reads a compressed bank by attention over its codes, each of which votes with the shares of its classes.
/// </summary>
/// <remarks>
/// Weights of a head are softmax(scale · &lt;query, key j&gt; + ln n(j)) over the codes in use; the logarithm of the
/// counts makes that the attention over all n entries, at a cost that does not grow with them. Heads are averaged.
/// </remarks>
internal sealed class AttentionReader : ICodeReader
{
    private readonly CompressedBank _bank;
    private readonly AttentionWeights _weights;
    private readonly int[] _used;
    private readonly float[] _keys;
    private readonly float[] _inner;
    private readonly double[] _logCounts;
    private readonly double[] _shares;

    /// <param name="bank">The bank, with at least one entry.</param>
    /// <param name="weights">Projections and correction.</param>
    public AttentionReader(CompressedBank bank, AttentionWeights weights)
    {
        _bank = bank;
        _weights = weights;
        _used = [.. Enumerable.Range(0, bank.Codebook.Count).Where(code => bank.CountOf(code) > 0)];
        int length = weights.HeadCount * weights.HeadDimension;
        _keys = new float[_used.Length * length];
        _inner = new float[_used.Length * Rank];
        _logCounts = new double[_used.Length];
        _shares = new double[_used.Length * bank.ClassCount];
        for (int index = 0; index < _used.Length; index++)
        {
            ReadOnlySpan<float> code = bank.Codebook.CodeAt(_used[index]);
            Span<float> key = _keys.AsSpan(index * length, length);
            Project(weights.Key, code, key);
            Span<float> inner = _inner.AsSpan(index * Rank, Rank);
            weights.Correction?.BringDown(code, inner);
            weights.Correction?.AddTo(inner, key);
            double count = bank.CountOf(_used[index]);
            _logCounts[index] = Math.Log(count);
            ReadOnlySpan<long> counts = bank.HistogramOf(_used[index]);
            for (int label = 0; label < counts.Length; label++)
                _shares[(index * bank.ClassCount) + label] = counts[label] / count;
        }
    }

    public int ScratchLength => _used.Length + (_weights.HeadCount * _bank.ClassCount) + Rank;

    private int Rank => _weights.Correction?.Rank ?? 0;

    public void Read(ReadOnlySpan<float> row, Span<double> scores, Span<double> scratch)
    {
        scores.Clear();
        Span<double> votes = scratch.Slice(_used.Length, _weights.HeadCount * scores.Length);
        Span<double> mean = scratch.Slice(_used.Length + votes.Length, Rank);
        mean.Clear();
        ReadHeads(row, votes, scratch[.._used.Length], mean);
        for (int place = 0; place < votes.Length; place++)
            scores[place % scores.Length] += votes[place] / _weights.HeadCount;
        _weights.Correction?.Correct(mean, scores);
    }

    /// <summary>Reads the bank for one row, head by head.</summary>
    /// <param name="row">[d].</param>
    /// <param name="votes">Receives [heads, c].</param>
    /// <param name="attention">Overwritten, as long as codes are in use.</param>
    /// <param name="mean">
    /// [rank] to which the codes, brought down, are added in the mean of the attention; empty adds nothing.
    /// </param>
    public void ReadHeads(
        ReadOnlySpan<float> row, Span<double> votes, Span<double> attention, Span<double> mean = default)
    {
        int length = _weights.HeadDimension;
        int classCount = _bank.ClassCount;
        ReadOnlySpan<float> query = row;
        if (_weights.Query is not null)
        {
            float[] projected = new float[_weights.HeadCount * length];
            Project(_weights.Query, row, projected);
            query = projected;
        }

        votes.Clear();
        for (int head = 0; head < _weights.HeadCount; head++)
        {
            ReadOnlySpan<float> ofHead = query.Slice(head * length, length);
            for (int index = 0; index < attention.Length; index++)
            {
                int start = ((index * _weights.HeadCount) + head) * length;
                double dot = Dot(ofHead, _keys.AsSpan(start, length));
                attention[index] = (_weights.Scale * dot) + _logCounts[index];
            }

            Softmax.Of(attention);
            Span<double> own = votes.Slice(head * classCount, classCount);
            for (int index = 0; index < attention.Length; index++)
            {
                TensorPrimitives.MultiplyAdd(
                    _shares.AsSpan(index * classCount, classCount), attention[index], own, own);
                for (int r = 0; r < mean.Length; r++)
                    mean[r] += attention[index] / _weights.HeadCount * _inner[(index * mean.Length) + r];
            }
        }
    }

    /// <summary>Multiplies in single precision, and in double where that overflows.</summary>
    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        float product = TensorPrimitives.Dot(left, right);
        if (float.IsFinite(product)) return product;
        double sum = 0;
        for (int index = 0; index < left.Length; index++) sum += (double)left[index] * right[index];
        return sum;
    }

    private static void Project(float[]? matrix, ReadOnlySpan<float> vector, Span<float> projected)
    {
        if (matrix is null)
        {
            vector.CopyTo(projected);
            return;
        }

        for (int index = 0; index < projected.Length; index++)
            projected[index] = TensorPrimitives.Dot(vector, matrix.AsSpan(index * vector.Length, vector.Length));
    }
}
