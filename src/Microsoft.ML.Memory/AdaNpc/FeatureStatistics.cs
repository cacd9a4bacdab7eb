// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Mean and standard deviation of each feature, and the map from one such distribution to another.</summary>
internal sealed class FeatureStatistics
{
    /// <summary>Fewer rows say too little about a variance to rescale by it.</summary>
    public const int FewestRows = 8;

    /// <summary>Keeps features that hardly vary from being blown up.</summary>
    private const double Epsilon = 1e-5;

    /// <param name="means">[d], finite.</param>
    /// <param name="deviations">[d], finite and above 0.</param>
    public FeatureStatistics(double[] means, double[] deviations)
    {
        Means = means;
        Deviations = deviations;
    }

    /// <summary>[d] means.</summary>
    public double[] Means { get; }

    /// <summary>[d] standard deviations, above 0.</summary>
    public double[] Deviations { get; }

    /// <summary>Measures the source entries of a memory; null where there are too few.</summary>
    public static FeatureStatistics? OfSource(BankSnapshot memory)
    {
        int[] positions =
        [
            .. memory.Entries.Where(entry => entry.Origin == EntryOrigin.Source).Select(entry => entry.Position),
        ];
        return Measure(
            positions.Length, memory.Dimension, (index, row) => memory.CopyKey(positions[index], row));
    }

    /// <summary>Measures rows; null where there are too few.</summary>
    /// <param name="rows">[n, d], finite.</param>
    /// <param name="dimension">d.</param>
    public static FeatureStatistics? Of(float[] rows, int dimension)
        => Measure(
            rows.Length / dimension,
            dimension,
            (index, row) => rows.AsSpan(index * dimension, dimension).CopyTo(row));

    /// <summary>Moves a row from this distribution to another.</summary>
    public void Map(ReadOnlySpan<float> row, FeatureStatistics target, Span<float> mapped)
    {
        for (int index = 0; index < row.Length; index++)
        {
            double standard = (row[index] - Means[index]) / Deviations[index];
            mapped[index] = (float)((standard * target.Deviations[index]) + target.Means[index]);
        }
    }

    private static FeatureStatistics? Measure(int count, int dimension, Action<int, float[]> read)
    {
        if (count < FewestRows) return null;
        float[] row = new float[dimension];
        double[] means = new double[dimension];
        double[] squares = new double[dimension];
        for (int index = 0; index < count; index++)
        {
            // Welford's update: no cancellation where the mean is large.
            read(index, row);
            for (int feature = 0; feature < dimension; feature++)
            {
                double before = row[feature] - means[feature];
                means[feature] += before / (index + 1);
                squares[feature] += before * (row[feature] - means[feature]);
            }
        }

        return new FeatureStatistics(means, Array.ConvertAll(squares, sum => Math.Sqrt((sum / count) + Epsilon)));
    }
}
