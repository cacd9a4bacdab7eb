// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>The live entries of a bank as tables, in the order of adding, which breaks ties here as there.</summary>
/// <remarks>Of entries kept as codes alone the rows are what the codes stand for.</remarks>
internal sealed class BankRows
{
    /// <summary>Rows of so many lengths of the median row count for the mean.</summary>
    private const double LongestInMean = 10;

    private readonly List<KeyRun> _runs;
    private readonly Metric _metric;

    public BankRows(BankSnapshot bank)
    {
        Bank = bank;
        _metric = bank.Metric;
        _runs = KeyRun.LiveRunsOf(bank);
        Positions = [.. bank.Entries.Select(entry => entry.Position)];
        SquaredNorms = new double[Positions.Length];
        Means = new double[bank.Dimension];
        Measure();
    }

    /// <summary>The bank.</summary>
    public BankSnapshot Bank { get; }

    public int Count => Positions.Length;

    public int Dimension => Bank.Dimension;

    /// <summary>[m] position of each row in the bank.</summary>
    public int[] Positions { get; }

    /// <summary>[m] squared norm of each row, as the search computes it.</summary>
    public double[] SquaredNorms { get; }

    /// <summary>
    /// [d] mean of the rows of ordinary length, in single precision; whole numbers where all values are such.
    /// </summary>
    public double[] Means { get; }

    /// <summary>The largest norm.</summary>
    public double LargestNorm => Math.Sqrt(SquaredNorms.Max());

    /// <summary>Gives the values of the entries by a function of their positions.</summary>
    public T[] Each<T>(Func<int, T> value) => Array.ConvertAll(Positions, position => value(position));

    /// <summary>Gives |row - mean|² - |mean|², which with twice the dot product orders by squared distance.</summary>
    public double[] CentredTerms()
    {
        double square = 0;
        foreach (double mean in Means) square += mean * mean;
        double[] terms = new double[Count];
        ForEach((index, row) =>
        {
            double sum = 0;
            for (int feature = 0; feature < row.Length; feature++)
            {
                double difference = row[feature] - Means[feature];
                sum += difference * difference;
            }

            terms[index] = sum - square;
        });
        return terms;
    }

    /// <summary>Gives the largest magnitude of each row divided by 127, what a step of a byte stands for.</summary>
    public float[] Steps()
    {
        float[] steps = new float[Count];
        ForEach((index, row) =>
        {
            float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(row));
            steps[index] = largest / 127;
        });
        return steps;
    }

    /// <summary>Gives the rows as Singles, to be written from where they are.</summary>
    public LargeTensor AsSingles(string name) => new(
        name,
        DataType.Float,
        [Count, Dimension],
        (long)Count * Dimension * sizeof(float),
        stream =>
        {
            float[] decoded = [];
            foreach (KeyRun run in _runs)
            {
                stream.Write(MemoryMarshal.AsBytes(run.Read(Dimension, ref decoded)));
                GC.KeepAlive(run.Segment);
            }
        });

    /// <summary>Gives the rows as bytes, 128 for 0, each in its own steps.</summary>
    public LargeTensor AsBytes(string name, float[] steps) => new(
        name,
        DataType.Uint8,
        [Count, Dimension],
        (long)Count * Dimension,
        stream =>
        {
            byte[] bytes = new byte[Dimension];
            ForEach((index, row) =>
            {
                Quantize(row, steps[index], bytes);
                stream.Write(bytes);
            });
        });

    /// <summary>Gives the squared norm of each row after rounding to bytes.</summary>
    public double[] RoundedSquaredNorms(float[] steps)
    {
        double[] norms = new double[Count];
        byte[] bytes = new byte[Dimension];
        ForEach((index, row) =>
        {
            Quantize(row, steps[index], bytes);
            double sum = 0;
            foreach (byte value in bytes)
            {
                double rounded = (double)steps[index] * (value - 128);
                sum += rounded * rounded;
            }

            norms[index] = sum;
        });
        return norms;
    }

    private static void Quantize(ReadOnlySpan<float> row, float step, Span<byte> bytes)
    {
        for (int feature = 0; feature < row.Length; feature++)
        {
            double steps = step == 0 ? 0 : Math.Round((double)row[feature] / step);
            bytes[feature] = (byte)(128 + Math.Clamp(steps, -127, 127));
        }
    }

    /// <summary>Adds up squares in the eight lanes, and the lanes in the order, of the search.</summary>
    private static double SquaredNorm(ReadOnlySpan<float> row)
    {
        Span<double> lanes = stackalloc double[8];
        lanes.Clear();
        for (int feature = 0; feature < row.Length; feature++)
            lanes[feature % 8] += (double)row[feature] * row[feature];
        return lanes[0] + lanes[4] + (lanes[2] + lanes[6]) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
    }

    private void Measure()
    {
        ForEach((index, row) => SquaredNorms[index] = SquaredNorm(row));
        if (_metric == Metric.SquaredEuclidean) MeasureMeans();
    }

    /// <summary>Leaves out rows far longer than most: one of them would take the mean away from all others.</summary>
    private void MeasureMeans()
    {
        double[] sorted = [.. SquaredNorms];
        Array.Sort(sorted);
        double longest = sorted[sorted.Length / 2] * LongestInMean * LongestInMean;
        bool isWhole = true;
        int count = 0;
        ForEach((index, row) =>
        {
            if (SquaredNorms[index] > longest) return;
            count++;
            for (int feature = 0; feature < row.Length; feature++)
            {
                Means[feature] += row[feature];
                isWhole &= float.IsInteger(row[feature]);
            }
        });
        for (int feature = 0; feature < Means.Length; feature++)
        {
            double mean = Means[feature] / count;
            Means[feature] = (float)(isWhole ? Math.Round(mean) : mean);
        }
    }

    private void ForEach(RowAction action)
    {
        int index = 0;
        float[] decoded = [];
        foreach (KeyRun run in _runs)
        {
            ReadOnlySpan<float> keys = run.Read(Dimension, ref decoded);
            for (int row = 0; row < run.Count; row++, index++)
                action(index, keys.Slice(row * Dimension, Dimension));
            GC.KeepAlive(run.Segment);
        }
    }

    private delegate void RowAction(int index, ReadOnlySpan<float> row);
}
