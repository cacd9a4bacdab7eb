// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>The values of all pairs, one a class, and how often training has fetched each pair.</summary>
internal sealed class ValueTable
{
    public ValueTable(int headCount, int pairCount, int classCount)
        : this(headCount, pairCount, classCount, new float[(long)headCount * pairCount * classCount],
            new long[headCount * pairCount])
    {
    }

    /// <param name="headCount">Number of heads.</param>
    /// <param name="pairCount">Pairs of each head.</param>
    /// <param name="classCount">Classes c.</param>
    /// <param name="values">[heads, pairs, c].</param>
    /// <param name="uses">[heads, pairs].</param>
    public ValueTable(int headCount, int pairCount, int classCount, float[] values, long[] uses)
    {
        HeadCount = headCount;
        PairCount = pairCount;
        ClassCount = classCount;
        Values = values;
        Uses = uses;
    }

    public int HeadCount { get; }

    public int PairCount { get; }

    public int ClassCount { get; }

    /// <summary>[heads, pairs, c] values.</summary>
    public float[] Values { get; }

    /// <summary>[heads, pairs] number of fetches in training.</summary>
    public long[] Uses { get; }

    public Span<float> ValuesOf(int head, int pair)
        => Values.AsSpan(((head * PairCount) + pair) * ClassCount, ClassCount);

    public Span<long> UsesOf(int head) => Uses.AsSpan(head * PairCount, PairCount);

    /// <summary>
    /// Gives a copy with room for more classes, each of which starts as the least likely known one of its pair.
    /// </summary>
    /// <remarks>
    /// Had the class been known, training would have pushed it down with all the others that the pair's rows are not
    /// of. Starting at zero instead would let new classes win over old ones in every pair that both fetch.
    /// </remarks>
    public ValueTable Copy(int classCount)
    {
        var copy = new ValueTable(HeadCount, PairCount, classCount);
        Uses.CopyTo(copy.Uses, 0);
        for (int pair = 0; pair < Uses.Length; pair++)
        {
            ReadOnlySpan<float> known = Values.AsSpan(pair * ClassCount, ClassCount);
            Span<float> values = copy.Values.AsSpan(pair * classCount, classCount);
            if (!known.IsEmpty) values.Fill(TensorPrimitives.Min(known));
            known.CopyTo(values);
        }

        return copy;
    }

    /// <summary>Adds up the values that a row's pairs hold, divided by the number of heads.</summary>
    /// <param name="pairs">[heads] for each head the pairs of all rows, [n, fetches].</param>
    /// <param name="row">The row.</param>
    /// <param name="fetchCount">Pairs that a head fetches for a row; a negative pair stands for none.</param>
    /// <param name="logits">Receives [c].</param>
    public void Logits(int[][] pairs, int row, int fetchCount, Span<double> logits)
    {
        logits.Clear();
        for (int head = 0; head < HeadCount; head++)
        {
            foreach (int pair in pairs[head].AsSpan(row * fetchCount, fetchCount))
            {
                if (pair < 0) continue;
                ReadOnlySpan<float> values = ValuesOf(head, pair);
                for (int index = 0; index < values.Length; index++) logits[index] += values[index];
            }
        }

        foreach (ref double logit in logits) logit /= HeadCount;
    }
}
