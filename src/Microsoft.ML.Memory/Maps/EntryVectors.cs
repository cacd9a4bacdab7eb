// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Reads the vectors of all entries in double, pass by pass, without copying the memory.</summary>
/// <remarks>
/// Cosine memories give vectors of length 1 (a zero vector stays zero), others the keys as they are. The rows are
/// shared out in the same parts and the sums of the parts added in order, whatever the number of threads.
/// </remarks>
internal sealed class EntryVectors(EntryRows rows, ParallelOptions parallel)
{
    private const int PartCount = 64;

    /// <summary>Takes one vector and adds what it has to the sums of its part.</summary>
    public delegate void Visit(int row, Span<double> vector, Span<double> sums);

    public int Count => rows.Count;

    public int Dimension => rows.Memory.Dimension;

    /// <summary>Visits every row and gives the sums.</summary>
    /// <param name="length">Number of sums.</param>
    /// <param name="visit">Called from several threads, for every row once; it may change the vector.</param>
    public double[] Sum(int length, Visit visit)
    {
        var parts = new double[Math.Min(PartCount, Math.Max(1, Count))][];
        Parallel.For(0, parts.Length, parallel, part =>
        {
            double[] sums = parts[part] = new double[length];
            float[] key = new float[Dimension];
            double[] vector = new double[Dimension];
            int end = Start(part + 1, parts.Length);
            for (int row = Start(part, parts.Length); row < end; row++)
            {
                Read(row, key, vector);
                visit(row, vector, sums);
            }
        });
        for (int part = 1; part < parts.Length; part++) TensorPrimitives.Add(parts[0], parts[part], parts[0]);
        return parts[0];
    }

    private int Start(int part, int partCount) => (int)((long)part * Count / partCount);

    private void Read(int row, float[] key, double[] vector)
    {
        rows.Memory.CopyKey(rows.Positions[row], key);
        TensorPrimitives.ConvertChecked<float, double>(key, vector);
        if (rows.Memory.Metric != Metric.Cosine) return;
        double norm = TensorPrimitives.Norm<double>(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
    }
}
