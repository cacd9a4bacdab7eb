// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Clustered vectors that follow from a seed, made batch by batch and never held all at once.</summary>
/// <remarks>
/// Points of overlapping clusters in a space of few dimensions, mapped linearly into d dimensions, with some noise:
/// near neighbours differ from far ones, as those of embeddings do.
/// </remarks>
internal sealed class VectorStream
{
    private const int BatchRows = 4096;
    private const int Latent = 24;
    private const int Clusters = 2000;
    private const double Spread = 0.6;
    private const float Noise = 0.1f;

    private readonly float[] _map;
    private readonly float[] _centres = new float[Clusters * Latent];
    private readonly int _dimension;
    private readonly long _seed;

    public VectorStream(int dimension, long seed)
    {
        _dimension = dimension;
        _seed = seed;
        _map = new float[dimension * Latent];
        var random = new SeededRandom(seed);
        foreach (ref float value in _map.AsSpan()) value = (float)random.NextGaussian();
        foreach (ref float value in _centres.AsSpan()) value = (float)random.NextGaussian();
    }

    /// <summary>Gives rows, ids from 0 on.</summary>
    public IEnumerable<VectorBatch> Rows(int count)
    {
        for (int start = 0; start < count; start += BatchRows)
        {
            int rows = Math.Min(BatchRows, count - start);
            long[] ids = new long[rows];
            for (int row = 0; row < rows; row++) ids[row] = start + row;
            yield return new VectorBatch(ids, Make(rows, _seed + 1 + (start / BatchRows)));
        }
    }

    /// <summary>Gives queries, rows of the same kind that are not among them.</summary>
    public float[] Queries(int count) => Make(count, -_seed);

    private float[] Make(int rows, long seed)
    {
        var random = new SeededRandom(seed);
        float[] vectors = new float[rows * _dimension];
        float[] point = new float[Latent];
        for (int row = 0; row < rows; row++)
        {
            int centre = random.Next(Clusters) * Latent;
            for (int index = 0; index < Latent; index++)
                point[index] = _centres[centre + index] + (float)(Spread * random.NextGaussian());
            Span<float> vector = vectors.AsSpan(row * _dimension, _dimension);
            for (int index = 0; index < _dimension; index++)
            {
                float dot = System.Numerics.Tensors.TensorPrimitives.Dot<float>(
                    _map.AsSpan(index * Latent, Latent), point);
                vector[index] = dot + (Noise * (float)random.NextGaussian());
            }
        }

        return vectors;
    }
}
