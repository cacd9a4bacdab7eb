// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Trains codebooks on stored vectors, and codes vectors by them: under the cosine, scaled to length 1.
/// </summary>
internal static class QuantizedCoding
{
    private const int RowsOfTask = 256;

    /// <summary>Copies the vector at a position.</summary>
    public delegate void Reader(int position, Span<float> vector);

    /// <summary>Trains codebooks on vectors sampled by the seed of the settings.</summary>
    /// <param name="live">Positions of all vectors, in order; they are shuffled.</param>
    /// <param name="read">Gives the vectors, finite.</param>
    /// <param name="dimension">d.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="settings">Subspaces, rounds and seed.</param>
    public static ProductQuantizer Train(
        int[] live, Reader read, int dimension, Metric metric, QuantizedSettings settings)
    {
        new SeededRandom(settings.Seed).Shuffle<int>(live);
        int count = Math.Min(live.Length, Math.Min(QuantizerTrainer.LargestSample, Array.MaxLength / dimension));
        float[] vectors = new float[count * dimension];
        for (int row = 0; row < count; row++) read(live[row], vectors.AsSpan(row * dimension, dimension));
        if (metric == Metric.Cosine) UnitRow.ScaleAll(vectors, dimension);
        return ProductQuantizer.Train(
            vectors, dimension, settings.SubspacesOf(dimension), settings.Iterations, settings.Seed);
    }

    /// <summary>Codes vectors, [n, m].</summary>
    /// <remarks>What a code stands for gets that code again, though under the cosine it is not of length 1.</remarks>
    /// <param name="quantizer">The codebooks.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="vectors">[n, d], finite.</param>
    public static unsafe byte[] Encode(ProductQuantizer quantizer, Metric metric, ReadOnlySpan<float> vectors)
    {
        int dimension = quantizer.Dimension, m = quantizer.SubspaceCount;
        int count = vectors.Length / dimension;
        byte[] codes = new byte[count * m];
        fixed (float* first = vectors)
        {
            float* start = first;
            int tasks = (count + RowsOfTask - 1) / RowsOfTask;
            if (tasks == 1) EncodeSome(0);
            else Parallel.For(0, tasks, EncodeSome);

            void EncodeSome(int task)
            {
                float[] scaled = metric == Metric.Cosine ? new float[dimension] : [];
                for (int row = task * RowsOfTask; row < Math.Min(count, (task + 1) * RowsOfTask); row++)
                {
                    var vector = new ReadOnlySpan<float>(start + ((nint)row * dimension), dimension);
                    Span<byte> code = codes.AsSpan(row * m, m);
                    if (metric != Metric.Cosine) quantizer.Encode(vector, code);
                    else if (!quantizer.TryMatch(vector, code))
                    {
                        vector.CopyTo(scaled);
                        UnitRow.Scale(scaled);
                        quantizer.Encode(scaled, code);
                    }
                }
            }
        }

        return codes;
    }
}
