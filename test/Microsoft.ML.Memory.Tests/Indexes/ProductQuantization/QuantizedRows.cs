// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

/// <summary>Rows, quantisers and indexes that the tests of the product quantisation share.</summary>
internal static class QuantizedRows
{
    /// <summary>Gives [n, d] numbers of the normal distribution.</summary>
    public static float[] Gaussians(int count, int dimension, long seed)
    {
        var random = new SeededRandom(seed);
        float[] values = new float[count * dimension];
        foreach (ref float value in values.AsSpan()) value = (float)random.NextGaussian();
        return values;
    }

    /// <summary>Gives vectors as their codes have them.</summary>
    public static float[] Decoded(ProductQuantizer quantizer, ReadOnlySpan<float> vectors)
    {
        byte[] codes = new byte[vectors.Length / quantizer.Dimension * quantizer.SubspaceCount];
        float[] decoded = new float[vectors.Length];
        quantizer.Encode(vectors, codes);
        quantizer.Decode(codes, decoded);
        return decoded;
    }

    /// <summary>Gives the sum of squared differences between vectors and what their codes stand for.</summary>
    public static double Error(ProductQuantizer quantizer, ReadOnlySpan<float> vectors)
        => BruteForce.Distance(Metric.SquaredEuclidean, vectors, Decoded(quantizer, vectors));

    /// <summary>Makes an index whose codebooks the rows train.</summary>
    public static QuantizedIndex Trained(ClusteredRows rows, bool keepVectors, int subspaceCount = 4)
    {
        var settings = new QuantizedSettings
        {
            SubspaceCount = subspaceCount,
            TrainingCount = rows.Ids.Length,
            KeepVectors = keepVectors,
        };
        var index = new QuantizedIndex(rows.Dimension, rows.Metric, settings);
        index.Add(rows.Ids, rows.Vectors);
        return index;
    }

    public static byte[] Save(QuantizedIndex index)
    {
        using var stream = new MemoryStream();
        index.Save(stream);
        return stream.ToArray();
    }
}
