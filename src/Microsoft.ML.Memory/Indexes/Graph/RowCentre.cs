// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>
/// The point that codes are relative to, where entries lie further from the origin than from each other.
/// </summary>
/// <remarks>
/// <para>A code has a few bits of a vector's largest value. Of x = 1000 + N(0, 1) they would all go to the 1000, which
/// all entries share; of x - c they go to what tells entries apart. |x - y|^2 does not depend on c. Under the cosine
/// vectors are taken at length sqrt(1/2), where their squared distance is the cosine's. By inner product a query is not
/// moved, and q·(x - c) is less than q·x by the same q·c for all x; entries are linked by (x - c)·(y - c).</para>
/// <para>So links by inner product depend on the centre. By x·y entries off the origin are nearly all linked to the few
/// that lie farthest along their mean, and queries in other directions find little. Relative to the mean queries in all
/// directions find alike much, but those off the origin as entries are find less. So the centre is the mean moved back
/// towards the origin by a third of the distance of entries from it, and the origin where that is not as far.</para>
/// <para>Holds no state but the centre, so it is thread-safe.</para>
/// </remarks>
/// <param name="metric">How far apart two vectors are.</param>
/// <param name="values">The centre, [d], which <see cref="IsTrusted"/>.</param>
internal sealed unsafe class RowCentre(Metric metric, float[] values)
{
    /// <summary>Number of entries that tell where the centre is.</summary>
    public const int LeastCount = 256;

    private const int LeastGain = 4;
    private const double LongSquare = 16; // of squared norms, as a multiple of the median
    private const double KeptShare = 1.0 / 3;

    /// <summary>The centre, [d].</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>Says whether float can be trusted with what is relative to a centre.</summary>
    public static bool IsTrusted(float[] values)
    {
        fixed (float* first = values)
            return RowTerm.IsTrusted(Metric.SquaredEuclidean, PairDistance.SquaredNorm(first, values.Length));
    }

    /// <summary>
    /// Takes the mean of the middle half of each dimension's values, and keeps it where it makes the largest value
    /// of three in four rows at most a quarter; by inner product the mean of rows at most four times as long as the
    /// median, moved back by a third of the median of their distances from it.
    /// </summary>
    /// <remarks>
    /// Such means are no further off for a few far rows, and they are no row's own values, which would outlast the row.
    /// Rows at the centre do not count.
    /// </remarks>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a vector.</param>
    /// <param name="rows">Addresses of the vectors, of which 256 evenly spread are looked at.</param>
    /// <returns>The centre; null where codes had better be relative to the origin.</returns>
    public static RowCentre? Choose(Metric metric, int dimension, ReadOnlySpan<nint> rows)
    {
        nint[] sample = new nint[Math.Min(rows.Length, LeastCount)];
        for (int place = 0; place < sample.Length; place++)
            sample[place] = rows[(int)((long)place * rows.Length / sample.Length)];
        return metric == Metric.InnerProduct
            ? ChooseForProducts(dimension, sample)
            : ChooseForDistances(metric, dimension, sample);
    }

    private static RowCentre? ChooseForDistances(Metric metric, int dimension, nint[] sample)
    {
        double[] units = Array.ConvertAll(sample, row => UnitOf(metric, (float*)row, dimension));
        float[] values = new float[dimension];
        float[] column = new float[sample.Length];
        for (int i = 0; i < dimension; i++)
        {
            for (int place = 0; place < sample.Length; place++)
                column[place] = (float)(((float*)sample[place])[i] * units[place]);
            Array.Sort(column);
            values[i] = MeanOf(column.AsSpan(column.Length / 4, (column.Length + 1) / 2));
        }

        if (!IsTrusted(values)) return null;
        var centre = new RowCentre(metric, values);
        return centre.Pays(sample, units) ? centre : null;
    }

    /// <summary>Gives a vector relative to the centre, by the cosine at length sqrt(1/2).</summary>
    /// <param name="row">The vector, [d].</param>
    /// <param name="relative">Receives [d].</param>
    public void Subtract(float* row, Span<float> relative)
    {
        if (metric != Metric.Cosine)
        {
            TensorPrimitives.Subtract(new ReadOnlySpan<float>(row, values.Length), values, relative);
            return;
        }

        double unit = UnitOf(metric, row, values.Length);
        for (int i = 0; i < relative.Length; i++) relative[i] = (float)((row[i] * unit) - values[i]);
    }

    private static RowCentre? ChooseForProducts(int dimension, nint[] sample)
    {
        double[] squares = Array.ConvertAll(sample, row => PairDistance.SquaredNorm((float*)row, dimension));
        double longest = LongSquare * MedianOf(squares);
        double[] sums = new double[dimension];
        int count = 0;
        for (int place = 0; place < sample.Length; place++)
        {
            if (squares[place] > longest) continue;
            count++;
            for (int i = 0; i < dimension; i++) sums[i] += ((float*)sample[place])[i];
        }

        double length = Math.Sqrt(sums.Sum(sum => sum / count * (sum / count)));
        double spread = Math.Sqrt(MedianOf(Array.ConvertAll(sample, SquareOf)));
        double share = 1 - (KeptShare * spread / length);
        if (!(share > 0)) return null; // 0 / 0 where all are zero
        float[] values = Array.ConvertAll(sums, sum => (float)(share * sum / count));
        return IsTrusted(values) ? new RowCentre(Metric.InnerProduct, values) : null;

        double SquareOf(nint row)
        {
            double square = 0;
            for (int i = 0; i < dimension; i++)
            {
                double difference = ((float*)row)[i] - (sums[i] / count);
                square += difference * difference;
            }

            return square;
        }
    }

    private static double MedianOf(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static float MeanOf(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        return (float)(sum / values.Length);
    }

    private static double UnitOf(Metric metric, float* row, int dimension)
    {
        if (metric != Metric.Cosine) return 1;
        double square = PairDistance.SquaredNorm(row, dimension);
        return square == 0 ? 0 : Math.Sqrt(0.5 / square);
    }

    private bool Pays(ReadOnlySpan<nint> rows, double[] units)
    {
        float[] relative = new float[values.Length];
        int others = 0;
        int better = 0;
        for (int place = 0; place < rows.Length; place++)
        {
            var row = (float*)rows[place];
            Subtract(row, relative);
            float largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(relative));
            if (largest == 0) continue;
            others++;
            double before = Math.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(row, values.Length)));
            if (LeastGain * largest <= before * units[place]) better++;
        }

        return others > 0 && 4 * better >= 3 * others;
    }
}
