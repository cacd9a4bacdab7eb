// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix, by rotations of Jacobi.</summary>
internal sealed class SymmetricEigen
{
    private const int SweepLimit = 64;

    private readonly double[,] _matrix;
    private readonly double[,] _vectors;
    private readonly int[] _order;

    /// <param name="matrix">[m, m], symmetric; it is overwritten.</param>
    public SymmetricEigen(double[,] matrix)
    {
        _matrix = matrix;
        int size = matrix.GetLength(0);
        _vectors = new double[size, size];
        for (int i = 0; i < size; i++) _vectors[i, i] = 1;
        for (int sweep = 0; sweep < SweepLimit && Sweep(); sweep++)
        {
        }

        _order = [.. Enumerable.Range(0, size).OrderByDescending(i => _matrix[i, i])];
    }

    /// <summary>Gives an eigenvalue; 0 is the number of the largest.</summary>
    public double ValueOf(int rank) => _matrix[_order[rank], _order[rank]];

    /// <summary>Gives the eigenvector of an eigenvalue, of length 1.</summary>
    public double[] VectorOf(int rank)
        => [.. Enumerable.Range(0, _order.Length).Select(i => _vectors[i, _order[rank]])];

    /// <summary>Turns every pair of axes once; false where all of them were square already.</summary>
    private bool Sweep()
    {
        bool hasTurned = false;
        int size = _matrix.GetLength(0);
        for (int p = 0; p < size; p++)
        {
            for (int q = p + 1; q < size; q++) hasTurned |= Turn(p, q, size);
        }

        return hasTurned;
    }

    private bool Turn(int p, int q, int size)
    {
        double off = _matrix[p, q];
        double scale = Math.Sqrt(Math.Abs(_matrix[p, p]) * Math.Abs(_matrix[q, q]));
        if (off == 0 || Math.Abs(off) <= 1e-17 * scale) return false;
        double theta = (_matrix[q, q] - _matrix[p, p]) / (2 * off);
        double tangent = 1 / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        if (theta < 0) tangent = -tangent;
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
        double sine = tangent * cosine;
        for (int i = 0; i < size; i++)
        {
            (_matrix[i, p], _matrix[i, q]) = Rotate(_matrix[i, p], _matrix[i, q], cosine, sine);
            (_vectors[i, p], _vectors[i, q]) = Rotate(_vectors[i, p], _vectors[i, q], cosine, sine);
        }

        for (int i = 0; i < size; i++)
            (_matrix[p, i], _matrix[q, i]) = Rotate(_matrix[p, i], _matrix[q, i], cosine, sine);
        _matrix[p, q] = _matrix[q, p] = 0;
        return true;
    }

    private static (double P, double Q) Rotate(double p, double q, double cosine, double sine)
        => ((cosine * p) - (sine * q), (sine * p) + (cosine * q));
}
