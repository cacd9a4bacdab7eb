// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>k-means with 256 centroids in one subspace.</summary>
internal sealed class QuantizerTrainer
{
    private const int Centroids = ProductQuantizer.CentroidCount;
    public const int LargestSample = 32_768;

    /// <summary>Rounds at most: many more than it takes, few enough that no file's settings train for days.</summary>
    public const int MostIterations = 1000;

    private readonly float[] _parts;
    private readonly int _length;
    private readonly int _count;
    private readonly float[] _centroids;
    private readonly byte[] _nearest;
    private readonly float[] _distances;
    private readonly double[] _sums;
    private readonly int[] _sizes = new int[Centroids];
    private bool _unchanged;

    private QuantizerTrainer(float[] parts, int length)
    {
        _parts = parts;
        _length = length;
        _count = parts.Length / length;
        _centroids = new float[length * Centroids];
        _nearest = new byte[_count];
        _distances = new float[_count];
        _sums = new double[Centroids * length];
    }

    /// <summary>Trains all subspaces, each on the thread that takes it.</summary>
    public static ProductQuantizer Train(
        ReadOnlySpan<float> vectors, int dimension, int subspaceCount, int iterations, long seed)
    {
        int[] sample = Sample(vectors.Length / dimension, seed);
        float[][] parts = new float[subspaceCount][];
        for (int subspace = 0; subspace < subspaceCount; subspace++)
        {
            (int start, int length) = ProductQuantizer.Subspace(subspace, dimension, subspaceCount);
            parts[subspace] = new float[sample.Length * length];
            for (int row = 0; row < sample.Length; row++)
            {
                vectors.Slice((sample[row] * dimension) + start, length)
                    .CopyTo(parts[subspace].AsSpan(row * length));
            }
        }

        float[] centroids = new float[dimension * Centroids];
        Parallel.For(0, subspaceCount, subspace =>
        {
            (int start, int length) = ProductQuantizer.Subspace(subspace, dimension, subspaceCount);
            var trainer = new QuantizerTrainer(parts[subspace], length);
            trainer.Train(iterations);
            trainer._centroids.CopyTo(centroids, start * Centroids);
        });
        return new ProductQuantizer(centroids, dimension, subspaceCount);
    }

    /// <summary>Gives rows in random order, so that the first ones are a random start.</summary>
    private static int[] Sample(int count, long seed)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        new SeededRandom(seed).Shuffle<int>(rows);
        return count <= LargestSample ? rows : rows[..LargestSample];
    }

    private void Train(int iterations)
    {
        for (int centroid = 0; centroid < Centroids; centroid++)
        {
            int row = centroid < _count ? centroid : 0;
            for (int index = 0; index < _length; index++)
                _centroids[(index * Centroids) + centroid] = _parts[(row * _length) + index];
        }

        for (int iteration = 0; iteration < iterations; iteration++)
        {
            Assign();
            Average();
            if (!FillEmpty() && iteration > 0 && _unchanged) break;
        }
    }

    private void Assign()
    {
        Span<float> distances = stackalloc float[Centroids];
        _unchanged = true;
        for (int row = 0; row < _count; row++)
        {
            ProductQuantizer.Distances(_parts.AsSpan(row * _length, _length), _centroids, distances);
            byte nearest = (byte)TensorPrimitives.IndexOfMin<float>(distances);
            _unchanged &= nearest == _nearest[row];
            _nearest[row] = nearest;
            _distances[row] = distances[nearest];
        }
    }

    private void Average()
    {
        _sums.AsSpan().Clear();
        _sizes.AsSpan().Clear();
        for (int row = 0; row < _count; row++)
        {
            Span<double> sum = _sums.AsSpan(_nearest[row] * _length, _length);
            ReadOnlySpan<float> part = _parts.AsSpan(row * _length, _length);
            for (int index = 0; index < part.Length; index++) sum[index] += part[index];
            _sizes[_nearest[row]]++;
        }

        for (int centroid = 0; centroid < Centroids; centroid++)
        {
            if (_sizes[centroid] == 0) continue;
            for (int index = 0; index < _length; index++)
            {
                _centroids[(index * Centroids) + centroid] =
                    (float)(_sums[(centroid * _length) + index] / _sizes[centroid]);
            }
        }
    }

    private float Distance(int row, int other)
    {
        float distance = TensorPrimitives.Distance<float>(
            _parts.AsSpan(row * _length, _length), _parts.AsSpan(other * _length, _length));
        return distance * distance;
    }

    /// <summary>Moves centroids without rows to the rows farthest from theirs; says whether it moved one.</summary>
    private bool FillEmpty()
    {
        if (!_sizes.AsSpan().Contains(0)) return false;
        bool moved = false;
        for (int centroid = 0; centroid < Centroids; centroid++)
        {
            if (_sizes[centroid] > 0) continue;
            int farthest = TensorPrimitives.IndexOfMax<float>(_distances);
            if (farthest < 0 || !(_distances[farthest] > 0)) return moved;
            for (int index = 0; index < _length; index++)
                _centroids[(index * Centroids) + centroid] = _parts[(farthest * _length) + index];
            for (int row = 0; row < _count; row++)
                _distances[row] = Math.Min(_distances[row], Distance(row, farthest));
            moved = true;
        }

        return moved;
    }
}
