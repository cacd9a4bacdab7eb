// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which entries are tied to which, and how strongly; every tie is seen from both ends.</summary>
/// <remarks>Source: McInnes et al., 2018, arXiv 1802.03426, section 3.1 (union of the local fuzzy sets).</remarks>
internal sealed class TieGraph
{
    private readonly int[] _starts;
    private readonly int[] _others;
    private readonly float[] _strengths;

    private TieGraph(int[] starts, int[] others, float[] strengths)
    {
        _starts = starts;
        _others = others;
        _strengths = strengths;
    }

    /// <summary>Gives the first tie of a row; that of the row after the last is the number of ties.</summary>
    public int StartOf(int row) => _starts[row];

    /// <summary>The row at the other end of each tie, ascending within a row.</summary>
    public ReadOnlySpan<int> Others => _others;

    /// <summary>Strength of each tie, in [0, 1].</summary>
    public ReadOnlySpan<float> Strengths => _strengths;

    /// <summary>Ties every entry to its neighbours.</summary>
    public static TieGraph Of(EntryNeighbors neighbors)
    {
        Tie[] ties = Directed(neighbors);
        Array.Sort(ties);
        int count = 0;
        for (int index = 0; index < ties.Length; index++)
        {
            // the two ends' views of one tie are neighbours in the order
            if (count > 0 && ties[count - 1].IsSame(ties[index]))
            {
                double both = ties[count - 1].Strength + ties[index].Strength;
                double product = (double)ties[count - 1].Strength * ties[index].Strength;
                ties[count - 1] = ties[index] with { Strength = (float)(both - product) };
            }
            else
            {
                ties[count++] = ties[index];
            }
        }

        return Collect(neighbors.Count, ties.AsSpan(0, count));
    }

    /// <summary>Gives every tie as each end sees it, once from either row.</summary>
    private static Tie[] Directed(EntryNeighbors neighbors)
    {
        int[] rowOf = neighbors.Rows.RowsByPosition();
        Metric metric = neighbors.Memory.Metric;
        var ties = new Tie[2 * Enumerable.Range(0, neighbors.Count).Sum(neighbors.CountOf)];
        int count = 0;
        double[] distances = new double[Math.Min(neighbors.NeighborCount, neighbors.Count)];
        for (int row = 0; row < neighbors.Count; row++)
        {
            ReadOnlySpan<float> found = neighbors.DistancesOf(row);
            Span<double> own = distances.AsSpan(0, found.Length);
            for (int rank = 0; rank < own.Length; rank++)
            {
                // products beyond the range of Single are infinite: their differences would be no numbers
                double distance = Math.Clamp(found[rank], float.MinValue, float.MaxValue);
                own[rank] = metric == Metric.SquaredEuclidean ? Math.Sqrt(distance) : distance;
            }

            LocalScale scale = LocalScale.Of(own, isSigned: metric == Metric.InnerProduct);
            for (int rank = 0; rank < own.Length; rank++)
            {
                int other = rowOf[neighbors.PositionsOf(row)[rank]];
                float strength = (float)scale.TieTo(own[rank]);
                ties[count++] = new Tie(row, other, strength);
                ties[count++] = new Tie(other, row, strength);
            }
        }

        return ties;
    }

    private static TieGraph Collect(int rowCount, ReadOnlySpan<Tie> ties)
    {
        int[] starts = new int[rowCount + 1];
        int[] others = new int[ties.Length];
        float[] strengths = new float[ties.Length];
        for (int index = 0; index < ties.Length; index++)
        {
            starts[ties[index].Row + 1]++;
            others[index] = ties[index].Other;
            strengths[index] = ties[index].Strength;
        }

        for (int row = 0; row < rowCount; row++) starts[row + 1] += starts[row];
        return new TieGraph(starts, others, strengths);
    }

    private readonly record struct Tie(int Row, int Other, float Strength) : IComparable<Tie>
    {
        public bool IsSame(Tie other) => Row == other.Row && Other == other.Other;

        /// <summary>Orders by both ends, then by strength: the union is then the same from both.</summary>
        public int CompareTo(Tie other)
        {
            int order = Row.CompareTo(other.Row);
            if (order == 0) order = Other.CompareTo(other.Other);
            return order == 0 ? Strength.CompareTo(other.Strength) : order;
        }
    }
}
