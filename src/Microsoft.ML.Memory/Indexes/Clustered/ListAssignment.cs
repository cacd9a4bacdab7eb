// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Chooses the lists of rows: that of the nearest head and some of other near heads.</summary>
/// <remarks>
/// <para>Near heads are taken nearest first; one that is closer to a head taken before than to the row is left out,
/// since whoever searches there finds that other list as well.</para>
/// <para>Source: Chen et al., 2021, arXiv 2111.08566, section 3.2.2.</para>
/// <para>Differs from the paper: by inner product nearness is that of squared Euclidean distances, and the two
/// nearest heads are taken. They are means, closer to each other than to most rows: the rule would leave only the
/// first. Searching more lists finds as much as a third list of each would, for a smaller file.</para>
/// </remarks>
internal sealed unsafe class ListAssignment
{
    private const int ProductReplicas = 2;

    private readonly float[] _heads;
    private readonly double[] _norms;
    private readonly int _dimension;
    private readonly Metric _metric;
    private readonly int _replicas;
    private readonly int _near;
    private readonly bool _takesCovered;
    private readonly BankSnapshot _bank;
    private readonly NeighborTable _found = new();
    private int[] _lists = [];
    private float[] _distances = [];
    private int[] _counts = [];

    /// <param name="heads">[m, d].</param>
    /// <param name="dimension">d.</param>
    /// <param name="metric">The index's metric.</param>
    /// <param name="settings">Number of lists of a row and of near heads.</param>
    public ListAssignment(float[] heads, int dimension, Metric metric, ClusteredSettings settings)
    {
        _heads = heads;
        _dimension = dimension;
        _metric = MetricOf(metric);
        _takesCovered = metric == Metric.InnerProduct;
        _replicas = _takesCovered ? Math.Min(settings.ReplicaCount, ProductReplicas) : settings.ReplicaCount;
        _bank = ClusteredBase.BankOf(heads, dimension, _metric);
        int near = _takesCovered ? Math.Min(settings.NearHeadCount, _replicas) : settings.NearHeadCount;
        _near = Math.Min(_replicas == 1 ? 1 : near, _bank.Count);
        _norms = new double[_bank.Count];
        fixed (float* first = heads)
        {
            for (int head = 0; head < _norms.Length; head++)
                _norms[head] = PairDistance.SquaredNorm(first + ((nint)head * dimension), dimension);
        }
    }

    /// <summary>Gives the metric by which rows are near heads.</summary>
    public static Metric MetricOf(Metric metric)
        => metric == Metric.InnerProduct ? Metric.SquaredEuclidean : metric;

    /// <summary>Chooses the lists of some rows, [n, d].</summary>
    public void Assign(ReadOnlySpan<float> rows)
    {
        int count = rows.Length / _dimension;
        if (_counts.Length < count)
        {
            _counts = new int[count];
            _lists = new int[count * _replicas];
            _distances = new float[count * _replicas];
        }

        _bank.Search(rows, _near, _found);
        Parallel.For(0, count, Choose);
    }

    /// <summary>Gives the lists of a row, nearest first.</summary>
    public ReadOnlySpan<int> ListsOf(int row) => _lists.AsSpan(row * _replicas, _counts[row]);

    /// <summary>Gives the distances of a row to the heads of its lists.</summary>
    public ReadOnlySpan<float> DistancesOf(int row) => _distances.AsSpan(row * _replicas, _counts[row]);

    private void Choose(int row)
    {
        ReadOnlySpan<long> near = _found.IdsOf(row);
        ReadOnlySpan<float> distances = _found.DistancesOf(row);
        Span<int> lists = _lists.AsSpan(row * _replicas, _replicas);
        int count = 0;
        for (int rank = 0; rank < near.Length && count < _replicas; rank++)
        {
            int head = (int)near[rank];
            if (!_takesCovered && IsCovered(head, distances[rank], lists[..count])) continue;
            _distances[(row * _replicas) + count] = distances[rank];
            lists[count++] = head;
        }

        _counts[row] = count;
    }

    private bool IsCovered(int head, float distance, ReadOnlySpan<int> chosen)
    {
        fixed (float* heads = _heads)
        {
            float* candidate = heads + ((nint)head * _dimension);
            foreach (int other in chosen)
            {
                float* taken = heads + ((nint)other * _dimension);
                if (PairDistance.Of(_metric, candidate, _norms[head], taken, _dimension) < distance) return true;
            }
        }

        return false;
    }
}
