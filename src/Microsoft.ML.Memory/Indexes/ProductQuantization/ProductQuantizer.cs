// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Codes vectors in a byte for each of m subspaces: the nearest of 256 centroids there.</summary>
/// <remarks>
/// <para>Subspaces are runs of consecutive values; where d is no multiple of m the first ones are longer by one.</para>
/// <para>The distance of a query to a coded vector is the sum of m table entries, since squared differences and
/// products add up over subspaces; the query itself is not coded.</para>
/// <para>Differences are squared in single precision: parts that differ by less than about 1e-22 or more than 1e19 are
/// not told apart. Scale such vectors.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Jégou, Douze, Schmid, "Product Quantization for Nearest Neighbor Search", IEEE TPAMI 33(1), 2011,
/// sections II and III.</para>
/// </remarks>
public sealed class ProductQuantizer
{
    /// <summary>Centroids of a subspace: as many as a byte has values.</summary>
    public const int CentroidCount = 256;

    /// <summary>Largest number of subspaces: sums of so many bytes fit into 16 bits.</summary>
    public const int MostSubspaces = 256;

    private const float LongRatio = 64; // to the median norm: a byte would have four steps for half of the centroids

    private readonly float[] _centroids;
    private readonly float[] _parts; // the same, centroid by centroid, as decoding reads them: [m, 256, length]

    /// <param name="centroids">[d, 256]: for each value of a vector that of all centroids of its subspace.</param>
    /// <param name="dimension">d.</param>
    /// <param name="subspaceCount">m.</param>
    internal ProductQuantizer(float[] centroids, int dimension, int subspaceCount)
    {
        _centroids = centroids;
        Dimension = dimension;
        SubspaceCount = subspaceCount;
        _parts = new float[centroids.Length];
        for (int subspace = 0; subspace < subspaceCount; subspace++)
        {
            (int start, int length) = Subspace(subspace);
            for (int code = 0; code < CentroidCount; code++)
            {
                Span<float> part = PartOf(start, length, code);
                for (int index = 0; index < length; index++)
                    part[index] = centroids[((start + index) * CentroidCount) + code];
            }
        }

        LongCentroids = FindLong();
    }

    /// <summary>Length d of a vector.</summary>
    public int Dimension { get; }

    /// <summary>Number m of subspaces, and of bytes of a code.</summary>
    public int SubspaceCount { get; }

    /// <summary>[d, 256] centroids, value by value.</summary>
    internal ReadOnlySpan<float> Centroids => _centroids;

    /// <summary>[m, 256]: true for centroids far longer than most of their subspace; null where none is.</summary>
    internal bool[]? LongCentroids { get; }

    /// <summary>Trains codebooks by k-means in each subspace.</summary>
    /// <remarks>
    /// Cost: iterations·n·256·d. The result depends on vectors, their order and the seed, not on threads. Centroids
    /// that no vector is nearest to move to vectors far from theirs. With fewer than 256 vectors some centroids are
    /// equal.
    /// </remarks>
    /// <param name="vectors">[n, d], row-major, finite, n at least 1; more than 32,768 are sampled.</param>
    /// <param name="dimension">d, in [1, 2^20].</param>
    /// <param name="subspaceCount">m, in [1, min(d, 256)].</param>
    /// <param name="iterations">Rounds of k-means, at least 1.</param>
    /// <param name="seed">Seed of the sample and of the centroids at the start.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or a value is not finite.</exception>
    public static ProductQuantizer Train(
        ReadOnlySpan<float> vectors, int dimension, int subspaceCount, int iterations = 12, long seed = 1)
    {
        CheckShape(dimension, subspaceCount);
        Check.AtLeast(iterations, 1, nameof(iterations));
        if (vectors.IsEmpty || vectors.Length % dimension != 0)
            throw new ArgumentException(
                $"vectors must be [n, {dimension}], n at least 1. Got {vectors.Length} values.", nameof(vectors));
        Check.Finite(vectors, dimension, nameof(vectors));

        return QuantizerTrainer.Train(vectors, dimension, subspaceCount, iterations, seed);
    }

    /// <summary>Codes vectors.</summary>
    /// <param name="vectors">[n, d], row-major, finite.</param>
    /// <param name="codes">Receives [n, m].</param>
    /// <exception cref="ArgumentException">A length does not fit, or a value is not finite.</exception>
    public void Encode(ReadOnlySpan<float> vectors, Span<byte> codes)
    {
        int count = CountOf(vectors);
        Check.Length(codes.Length, (long)count * SubspaceCount, nameof(codes), $"[{count}, {SubspaceCount}]");
        Check.Finite(vectors, Dimension, nameof(vectors));

        Span<float> distances = stackalloc float[CentroidCount];
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(row * Dimension, Dimension);
            for (int subspace = 0; subspace < SubspaceCount; subspace++)
            {
                (int start, int length) = Subspace(subspace);
                codes[(row * SubspaceCount) + subspace] =
                    Nearest(vector.Slice(start, length), CentroidsOf(start, length), distances, out _);
            }
        }
    }

    /// <summary>Gives the vectors that codes stand for.</summary>
    /// <param name="codes">[n, m].</param>
    /// <param name="vectors">Receives [n, d].</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Decode(ReadOnlySpan<byte> codes, Span<float> vectors)
    {
        if (codes.Length % SubspaceCount != 0)
            throw new ArgumentException(
                $"codes must be [n, {SubspaceCount}]. Got {codes.Length} values.", nameof(codes));
        int count = codes.Length / SubspaceCount;
        Check.Length(vectors.Length, (long)count * Dimension, nameof(vectors), $"[{count}, {Dimension}]");

        for (int row = 0; row < count; row++)
        {
            Span<float> vector = vectors.Slice(row * Dimension, Dimension);
            for (int subspace = 0; subspace < SubspaceCount; subspace++)
            {
                (int start, int length) = Subspace(subspace);
                PartOf(start, length, codes[(row * SubspaceCount) + subspace]).CopyTo(vector[start..]);
            }
        }
    }

    /// <summary>Gives a query's distance to every centroid of each subspace.</summary>
    /// <param name="query">[d], finite.</param>
    /// <param name="metric">
    /// Squared Euclidean distances or, negated, inner products; cosine means the former, and that the caller has scaled
    /// the query, as well as the vectors that were coded, to length 1.
    /// </param>
    /// <param name="tables">Receives [m, 256].</param>
    /// <exception cref="ArgumentException">A length does not fit, or a value is not finite.</exception>
    public void FillTables(ReadOnlySpan<float> query, Metric metric, Span<float> tables)
    {
        Check.Length(query.Length, Dimension, nameof(query), "[d]");
        Check.Finite(query, Dimension, nameof(query));
        Check.Metric(metric);
        Check.Length(tables.Length, (long)SubspaceCount * CentroidCount, nameof(tables), $"[{SubspaceCount}, 256]");

        for (int subspace = 0; subspace < SubspaceCount; subspace++)
        {
            (int start, int length) = Subspace(subspace);
            Span<float> table = tables.Slice(subspace * CentroidCount, CentroidCount);
            ReadOnlySpan<float> part = query.Slice(start, length), centroids = CentroidsOf(start, length);
            if (metric == Metric.InnerProduct) Products(part, centroids, table);
            else Distances(part, centroids, table);
        }
    }

    /// <summary>Codes a vector that is what a code stands for; false where it is not.</summary>
    /// <param name="vector">[d], finite.</param>
    /// <param name="code">[m]; receives the code, where there is one.</param>
    internal bool TryMatch(ReadOnlySpan<float> vector, Span<byte> code)
    {
        Span<float> distances = stackalloc float[CentroidCount];
        for (int subspace = 0; subspace < SubspaceCount; subspace++)
        {
            (int start, int length) = Subspace(subspace);
            code[subspace] = Nearest(
                vector.Slice(start, length), CentroidsOf(start, length), distances, out bool isEqual);
            if (!isEqual) return false;
        }

        return true;
    }

    /// <summary>Gives where a subspace starts and how long it is.</summary>
    internal static (int Start, int Length) Subspace(int subspace, int dimension, int subspaceCount)
    {
        int length = dimension / subspaceCount, longer = dimension % subspaceCount;
        return ((subspace * length) + Math.Min(subspace, longer), length + (subspace < longer ? 1 : 0));
    }

    /// <summary>Gives the squared distance of a part of a vector to each centroid, [length, 256].</summary>
    internal static void Distances(ReadOnlySpan<float> part, ReadOnlySpan<float> centroids, Span<float> distances)
    {
        distances.Clear();
        for (int index = 0; index < part.Length; index++)
            CentroidKernel.AddSquares(part[index], centroids.Slice(index * CentroidCount, CentroidCount), distances);
    }

    private static void CheckShape(int dimension, int subspaceCount)
    {
        Check.Dimension(dimension);
        int most = Math.Min(dimension, MostSubspaces);
        if (subspaceCount < 1 || subspaceCount > most)
            throw new ArgumentException(
                $"subspaceCount must be in [1, {most}] for vectors of length {dimension}. Got {subspaceCount}.",
                nameof(subspaceCount));
    }

    private bool[]? FindLong()
    {
        bool[] isLong = new bool[SubspaceCount * CentroidCount];
        float[] norms = new float[CentroidCount];
        for (int subspace = 0; subspace < SubspaceCount; subspace++)
        {
            (int start, int length) = Subspace(subspace);
            for (int code = 0; code < CentroidCount; code++)
                norms[code] = TensorPrimitives.Norm<float>(PartOf(start, length, code));
            float longest = LongRatio * norms.Order().ElementAt(CentroidCount / 2);
            if (longest == 0) continue;
            for (int code = 0; code < CentroidCount; code++)
                isLong[(subspace * CentroidCount) + code] = norms[code] > longest;
        }

        return isLong.AsSpan().Contains(true) ? isLong : null;
    }

    /// <summary>Gives the nearest centroid, the first of equally near ones, or one that is equal.</summary>
    private static byte Nearest(
        ReadOnlySpan<float> part, ReadOnlySpan<float> centroids, Span<float> distances, out bool isEqual)
    {
        Distances(part, centroids, distances);
        int nearest = TensorPrimitives.IndexOfMin<float>(distances);
        isEqual = false;
        if (distances[nearest] != 0) return (byte)nearest;

        for (int code = nearest; code < CentroidCount; code++) // squares of tiny differences are 0, too
        {
            if (distances[code] != 0 || !IsCentroid(part, centroids, code)) continue;
            isEqual = true;
            return (byte)code;
        }

        return (byte)nearest;
    }

    private static bool IsCentroid(ReadOnlySpan<float> part, ReadOnlySpan<float> centroids, int code)
    {
        for (int index = 0; index < part.Length; index++)
        {
            if (part[index] != centroids[(index * CentroidCount) + code]) return false;
        }

        return true;
    }

    private static void Products(ReadOnlySpan<float> part, ReadOnlySpan<float> centroids, Span<float> table)
    {
        table.Clear();
        for (int index = 0; index < part.Length; index++)
        {
            ReadOnlySpan<float> values = centroids.Slice(index * CentroidCount, CentroidCount);
            TensorPrimitives.MultiplyAdd(values, -part[index], table, table);
        }
    }

    private (int Start, int Length) Subspace(int subspace) => Subspace(subspace, Dimension, SubspaceCount);

    private ReadOnlySpan<float> CentroidsOf(int start, int length)
        => _centroids.AsSpan(start * CentroidCount, length * CentroidCount);

    private Span<float> PartOf(int start, int length, int code)
        => _parts.AsSpan((start * CentroidCount) + (code * length), length);

    private int CountOf(ReadOnlySpan<float> vectors)
        => vectors.Length % Dimension == 0
            ? vectors.Length / Dimension
            : throw new ArgumentException(
                $"vectors must be [n, {Dimension}]. Got {vectors.Length} values.", nameof(vectors));
}
