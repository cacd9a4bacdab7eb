// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Chooses heads: leaves of hierarchical balanced clustering, each the row nearest to its mean.</summary>
/// <remarks>
/// <para>A row goes to the cluster with the least squared distance + weight · size, where a cluster of average size
/// costs as much as the average least distance and sizes are those by then; so clusters of close rows are split.</para>
/// <para>The result depends on the order of the rows and the seed, not on threads. Cost: rows · 32 · d a level and
/// iteration.</para>
/// <para>Source: Chen et al., 2021, arXiv 2111.08566, section 3.2.1. Differs from the paper: the weight follows from
/// the distances instead of a sweep. By inner product a head is the mean itself: its product with a query is the mean
/// of those of the leaf's rows, of which the long ones, the likely answers, have the largest part.</para>
/// </remarks>
internal sealed class HeadTree
{
    private const int Branches = 32;
    private const int Iterations = 6;
    private const int DeepestLevel = 32;
    private const int RowsAtOnce = 512;

    private readonly float[] _rows;
    private readonly int _dimension;
    private readonly bool _takesMeans;
    private readonly double _weight;
    private readonly SeededRandom _random;
    private readonly CancellationToken _stop;
    private readonly int[] _order;
    private readonly int[] _parted;
    private readonly float[] _norms;
    private readonly float[] _distances;
    private readonly int[] _clusters;
    private readonly float[] _centres;
    private readonly int[] _sizes = new int[Branches];

    private HeadTree(
        float[] rows, int dimension, Metric metric, ClusteredSettings settings, CancellationToken stop)
    {
        int count = rows.Length / dimension;
        _rows = rows;
        _dimension = dimension;
        _takesMeans = metric == Metric.InnerProduct;
        _weight = settings.BalanceWeight;
        _random = new SeededRandom(settings.Seed);
        _stop = stop;
        _order = [.. Enumerable.Range(0, count)];
        _parted = new int[count];
        _norms = [.. _order.Select(row => TensorPrimitives.SumOfSquares(Row(row)))];
        _distances = new float[count * Branches];
        _clusters = new int[count];
        _centres = new float[Branches * dimension];
    }

    /// <summary>Bytes of a sampled row while heads are chosen.</summary>
    public static int BytesOfRow(int dimension) => ((dimension + Branches) * sizeof(float)) + 48;

    /// <summary>Chooses heads.</summary>
    /// <param name="rows">[s, d] a sample.</param>
    /// <param name="dimension">d.</param>
    /// <param name="leaf">Largest number of sampled rows of a head, where rows differ.</param>
    /// <param name="metric">The index's metric.</param>
    /// <param name="settings">Balance and seed.</param>
    /// <param name="stop">Stops the work.</param>
    /// <returns>[m, d] the heads.</returns>
    public static float[] Choose(
        float[] rows,
        int dimension,
        int leaf,
        Metric metric,
        ClusteredSettings settings,
        CancellationToken stop)
    {
        if (rows.Length == 0) return [];
        return new HeadTree(rows, dimension, metric, settings, stop).Choose(leaf);
    }

    private ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row * _dimension, _dimension);

    private Span<float> Centre(int cluster) => _centres.AsSpan(cluster * _dimension, _dimension);

    private float[] Choose(int leaf)
    {
        var leaves = new List<(int Start, int Count)>();
        var open = new Stack<(int Start, int Count, int Level)>();
        open.Push((0, _order.Length, 0));
        while (open.TryPop(out (int Start, int Count, int Level) node))
        {
            int branches = (int)Math.Min(Branches, ((long)node.Count + leaf - 1) / leaf);
            if (branches < 2 || node.Level == DeepestLevel || !Split(node.Start, node.Count, branches))
            {
                leaves.Add((node.Start, node.Count));
                continue;
            }

            int end = node.Start + node.Count;
            for (int cluster = branches - 1; cluster >= 0; cluster--)
            {
                end -= _sizes[cluster];
                if (_sizes[cluster] > 0) open.Push((end, _sizes[cluster], node.Level + 1));
            }
        }

        float[] heads = new float[leaves.Count * _dimension];
        for (int list = 0; list < leaves.Count; list++)
            WriteHead(leaves[list].Start, leaves[list].Count, heads.AsSpan(list * _dimension, _dimension));
        return heads;
    }

    /// <summary>Parts rows into clusters; false where all of them stay together.</summary>
    private bool Split(int start, int count, int branches)
    {
        Start(start, count, branches);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            _stop.ThrowIfCancellationRequested();
            Measure(start, count, branches);
            if (!Assign(count, branches)) break;
            if (iteration < Iterations - 1) Average(start, count, branches);
        }

        if (_sizes.AsSpan(0, branches).Contains(count)) return false;
        int[] ends = new int[branches];
        int end = 0;
        for (int cluster = 0; cluster < branches; cluster++)
        {
            ends[cluster] = end;
            end += _sizes[cluster];
        }

        for (int place = 0; place < count; place++) _parted[ends[_clusters[place]]++] = _order[start + place];
        _parted.AsSpan(0, count).CopyTo(_order.AsSpan(start));
        return true;
    }

    private void Start(int start, int count, int branches)
    {
        Span<int> places = _parted.AsSpan(0, count);
        for (int place = 0; place < count; place++) places[place] = place;
        for (int cluster = 0; cluster < branches; cluster++)
        {
            int other = cluster + _random.Next(count - cluster);
            (places[cluster], places[other]) = (places[other], places[cluster]);
            Row(_order[start + places[cluster]]).CopyTo(Centre(cluster));
        }

        _clusters.AsSpan(0, count).Fill(-1);
    }

    private void Measure(int start, int count, int branches)
    {
        float[] norms = new float[branches];
        for (int cluster = 0; cluster < branches; cluster++)
            norms[cluster] = TensorPrimitives.SumOfSquares<float>(Centre(cluster));
        int parts = (count + RowsAtOnce - 1) / RowsAtOnce;
        if (parts == 1) MeasurePart(0); // most clusters are small, and waiting for threads would cost more
        else Parallel.For(0, parts, MeasurePart);

        void MeasurePart(int part)
        {
            int last = Math.Min(count, (part + 1) * RowsAtOnce);
            for (int place = part * RowsAtOnce; place < last; place++)
            {
                int row = _order[start + place];
                Span<float> distances = _distances.AsSpan(place * Branches, branches);
                for (int cluster = 0; cluster < branches; cluster++)
                {
                    float dot = TensorPrimitives.Dot(Row(row), Centre(cluster));
                    float distance = _norms[row] + norms[cluster] - (2 * dot);

                    // Squares of a row beyond 1e19 overflow: it is far from all, and must not make the mean no number.
                    distances[cluster] = float.IsFinite(distance) ? Math.Max(0, distance) : float.MaxValue;
                }
            }
        }
    }

    private bool Assign(int count, int branches)
    {
        double sum = 0;
        for (int place = 0; place < count; place++)
            sum += TensorPrimitives.Min<float>(_distances.AsSpan(place * Branches, branches));
        double penalty = _weight * (sum / count) / ((double)count / branches);
        _sizes.AsSpan().Clear();
        bool changed = false;
        for (int place = 0; place < count; place++)
        {
            int best = 0;
            double least = double.PositiveInfinity;
            for (int cluster = 0; cluster < branches; cluster++)
            {
                double cost = _distances[(place * Branches) + cluster] + (penalty * _sizes[cluster]);
                if (cost >= least) continue;
                least = cost;
                best = cluster;
            }

            changed |= _clusters[place] != best;
            _clusters[place] = best;
            _sizes[best]++;
        }

        return changed;
    }

    private void Average(int start, int count, int branches)
    {
        double[] sums = new double[branches * _dimension];
        for (int place = 0; place < count; place++)
        {
            ReadOnlySpan<float> row = Row(_order[start + place]);
            Span<double> sum = sums.AsSpan(_clusters[place] * _dimension, _dimension);
            for (int index = 0; index < row.Length; index++) sum[index] += row[index];
        }

        for (int cluster = 0; cluster < branches; cluster++)
        {
            if (_sizes[cluster] == 0) continue;
            Span<float> centre = Centre(cluster);
            for (int index = 0; index < _dimension; index++)
                centre[index] = (float)(sums[(cluster * _dimension) + index] / _sizes[cluster]);
        }
    }

    private void WriteHead(int start, int count, Span<float> head)
    {
        double[] mean = new double[_dimension];
        for (int place = start; place < start + count; place++)
        {
            ReadOnlySpan<float> row = Row(_order[place]);
            for (int index = 0; index < row.Length; index++) mean[index] += (double)row[index] / count;
        }

        if (_takesMeans)
        {
            for (int index = 0; index < head.Length; index++) head[index] = (float)mean[index];
            return;
        }

        Row(Nearest(start, count, mean)).CopyTo(head);
    }

    private int Nearest(int start, int count, double[] mean)
    {
        int nearest = _order[start];
        double least = double.PositiveInfinity;
        for (int place = start; place < start + count; place++)
        {
            double distance = 0;
            ReadOnlySpan<float> row = Row(_order[place]);
            for (int index = 0; index < row.Length; index++)
                distance += (row[index] - mean[index]) * (row[index] - mean[index]);
            if (distance >= least) continue;
            least = distance;
            nearest = _order[place];
        }

        return nearest;
    }
}
