// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Finds the two directions in which vectors vary most, in few passes over them.</summary>
/// <remarks>
/// A block of four directions is multiplied by the covariance in each pass; all products together span the space in
/// which the axes are looked for (Rayleigh and Ritz). Where the space is full it starts anew from its four best.
/// </remarks>
internal sealed class PrincipalAxes
{
    private const int AxisCount = 2;
    private const int BlockWidth = 4;
    private const int BasisLimit = 40;
    private const int PassLimit = 100;
    private const double Tolerance = 1e-10; // of the largest variance: what an axis may miss of being one
    private const double LeastRest = 1e-10;

    private readonly EntryVectors _vectors;
    private readonly double[] _mean;
    private readonly SeededRandom _random = new(0);
    private readonly List<double[]> _basis = [];
    private readonly List<double[]> _images = [];

    private PrincipalAxes(EntryVectors vectors, double[] mean)
    {
        _vectors = vectors;
        _mean = mean;
    }

    /// <summary>Finds the axes, two or as many as there are dimensions, that of most variance first.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="progress">Is told the number of passes made.</param>
    /// <returns>Axes of length 1, square to each other.</returns>
    public static double[][] Find(EntryVectors vectors, double[] mean, Action<int> progress)
        => new PrincipalAxes(vectors, mean).Run(progress);

    private double[][] Run(Action<int> progress)
    {
        int dimension = _vectors.Dimension;
        List<double[]> block = Orthonormal([], Math.Min(dimension, BlockWidth));
        for (int pass = 1; ; pass++)
        {
            List<double[]> next = Multiply(block);
            _basis.AddRange(block);
            _images.AddRange(next);
            progress(pass);
            Ritz[] best = Best();
            if (pass == PassLimit || _basis.Count == dimension || IsFound(best))
                return [.. best.Take(AxisCount).Select(each => each.Vector)];
            if (_basis.Count + BlockWidth > BasisLimit && dimension > BasisLimit) next = Restart(best);
            block = Orthonormal(next, Math.Min(BlockWidth, dimension - _basis.Count));
        }
    }

    private static bool IsFound(Ritz[] best)
        => best.Take(AxisCount).All(each => each.Rest <= Tolerance * Math.Abs(best[0].Value));

    /// <summary>Multiplies directions by the covariance: one pass over all vectors.</summary>
    private List<double[]> Multiply(List<double[]> block)
    {
        int dimension = _vectors.Dimension;
        double[] offsets = [.. block.Select(direction => TensorPrimitives.Dot<double>(direction, _mean))];
        double[] sums = _vectors.Sum(block.Count * (dimension + 1), (_, vector, sums) =>
        {
            for (int i = 0; i < block.Count; i++)
            {
                double along = TensorPrimitives.Dot<double>(vector, block[i]) - offsets[i];
                Span<double> sum = sums.Slice(i * dimension, dimension);
                TensorPrimitives.MultiplyAdd(vector, along, sum, sum);
                sums[(block.Count * dimension) + i] += along;
            }
        });
        var images = new List<double[]>();
        for (int i = 0; i < block.Count; i++)
        {
            double[] image = sums[(i * dimension)..((i + 1) * dimension)];
            AddScaled(image, -sums[(block.Count * dimension) + i], _mean);
            TensorPrimitives.Divide(image, _vectors.Count, image);
            images.Add(image);
        }

        return images;
    }

    /// <summary>Gives the best directions within the basis, and what is missing of each.</summary>
    private Ritz[] Best()
    {
        int size = _basis.Count;
        var inner = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
                inner[i, j] = inner[j, i] = TensorPrimitives.Dot<double>(_basis[i], _images[j]);
        }

        var eigen = new SymmetricEigen(inner);
        return [.. Enumerable.Range(0, Math.Min(BlockWidth, size)).Select(rank => Make(eigen, rank))];
    }

    private Ritz Make(SymmetricEigen eigen, int rank)
    {
        double[] vector = new double[_vectors.Dimension];
        double[] image = new double[_vectors.Dimension];
        double[] shares = eigen.VectorOf(rank);
        for (int i = 0; i < shares.Length; i++)
        {
            AddScaled(vector, shares[i], _basis[i]);
            AddScaled(image, shares[i], _images[i]);
        }

        double[] rest = [.. image];
        AddScaled(rest, -eigen.ValueOf(rank), vector);
        return new Ritz(eigen.ValueOf(rank), vector, image, rest, TensorPrimitives.Norm<double>(rest));
    }

    /// <summary>Keeps the best directions alone and gives what is missing of them.</summary>
    private List<double[]> Restart(Ritz[] best)
    {
        _basis.Clear();
        _images.Clear();
        _basis.AddRange(best.Select(each => each.Vector));
        _images.AddRange(best.Select(each => each.Image));
        return [.. best.Select(each => each.Missing)];
    }

    /// <summary>Makes directions square to the basis and to each other; drawn ones replace those that vanish.</summary>
    private List<double[]> Orthonormal(List<double[]> directions, int count)
    {
        var made = new List<double[]>();
        foreach (double[] direction in directions.Take(count)) TryAdd(made, [.. direction]);
        while (made.Count < count)
        {
            double[] drawn = new double[_vectors.Dimension];
            for (int i = 0; i < drawn.Length; i++) drawn[i] = _random.NextGaussian();
            TryAdd(made, drawn);
        }

        return made;
    }

    private void TryAdd(List<double[]> made, double[] direction)
    {
        double before = TensorPrimitives.Norm<double>(direction);
        if (before == 0) return;
        TensorPrimitives.Divide(direction, before, direction);
        for (int round = 0; round < 2; round++) // once leaves rounding errors along the basis
        {
            foreach (double[] other in _basis.Concat(made))
                AddScaled(direction, -TensorPrimitives.Dot<double>(direction, other), other);
            double rest = TensorPrimitives.Norm<double>(direction);
            if (rest < LeastRest) return;
            TensorPrimitives.Divide(direction, rest, direction);
        }

        made.Add(direction);
    }

    private static void AddScaled(Span<double> sum, double scale, ReadOnlySpan<double> vector)
        => TensorPrimitives.MultiplyAdd(vector, scale, sum, sum);

    private sealed record Ritz(double Value, double[] Vector, double[] Image, double[] Missing, double Rest);
}
