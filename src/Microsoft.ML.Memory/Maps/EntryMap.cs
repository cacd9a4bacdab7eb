// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A place in the plane for every entry of a memory, to be looked at.</summary>
/// <remarks>
/// <para>Shape: n rows, one for each entry in the order of <see cref="BankSnapshot.Entries"/>. Places are always
/// finite. Labels have no part in them.</para>
/// <para>Memory: 20 bytes an entry. Thread safety: immutable, so safe.</para>
/// </remarks>
public sealed class EntryMap
{
    private readonly EntryRows _rows;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly double[] _varianceShares;

    internal EntryMap(EntryRows rows, float[] x, float[] y, double[] varianceShares)
    {
        _rows = rows;
        _x = x;
        _y = y;
        _varianceShares = varianceShares;
    }

    /// <summary>The memory whose entries have a place.</summary>
    public BankSnapshot Memory => _rows.Memory;

    /// <summary>Number of entries n.</summary>
    public int Count => _rows.Count;

    /// <summary>Id of each entry, [n].</summary>
    public ReadOnlySpan<long> Ids => _rows.Ids;

    /// <summary>First coordinate of each entry, [n], finite.</summary>
    public ReadOnlySpan<float> X => _x;

    /// <summary>Second coordinate of each entry, [n], finite.</summary>
    public ReadOnlySpan<float> Y => _y;

    /// <summary>
    /// Share of the variance along x and y, each in [0, 1]; empty where the map is not <see cref="Principal"/>.
    /// </summary>
    public ReadOnlySpan<double> VarianceShares => _varianceShares;

    internal EntryRows Rows => _rows;

    /// <summary>Places the entries in the plane of their first two principal components, their mean at 0.</summary>
    /// <remarks>
    /// <para>A cosine memory shows its vectors scaled to length 1 (a zero vector stays zero), others the keys as they
    /// are. Each axis points to where its largest part, the first of equals, is above 0. An axis along which nothing
    /// varies is 0. Coordinates beyond the range of Single become its largest.</para>
    /// <para>Cost: O(n·d) a pass, some 10 to 25 passes over the entries; nothing is copied. The axes are exact to about
    /// 1e-8 where the second and the third variance differ; they stop at 100 passes where hardly any do.</para>
    /// </remarks>
    /// <param name="memory">The memory; it may be empty.</param>
    /// <param name="threadCount">
    /// Number of threads, at least 1; null (the default) uses every processor. It never changes a result.
    /// </param>
    /// <param name="progress">Is told the share that is done, from 0 to 1; null tells nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The number of threads is below 1.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static EntryMap Principal(
        BankSnapshot memory,
        int? threadCount = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (threadCount is { } threads) Check.AtLeast(threads, 1, "EntryMap.Principal's threadCount");

        return InPlane(new EntryRows(memory), Threads(threadCount, cancellationToken), progress);
    }

    /// <summary>Places neighbours near each other: the shape of the classes rather than distances.</summary>
    /// <remarks>
    /// <para>Each entry is tied to its neighbours by exp(-(d - rho) / sigma), rho being the distance of its nearest one
    /// and sigma such that its ties sum to log2(k); two ties a and b between two entries become a + b - a·b. Then each
    /// entry is pulled to those it is tied to and pushed away from some that are drawn, in ever smaller steps.
    /// Distances of a squared Euclidean memory are taken by their square root.</para>
    /// <para>Differs from the paper: starts from <paramref name="start"/> instead of eigenvectors of the graph; in one
    /// epoch every entry moves by itself, from where the others were when the epoch began, so the map follows from the
    /// entries and the seed whatever the number of threads; sigma is at least a thousandth of the mean distance.</para>
    /// <para>Cost: O(n·k·epochs); docs/methods/entry-maps.md has seconds.</para>
    /// <para>Source: McInnes, Healy and Melville, UMAP, 2018, arXiv 1802.03426.</para>
    /// </remarks>
    /// <param name="neighbors">The neighbours of every entry; 15 each is usual.</param>
    /// <param name="settings">Null means <c>new EntryMapSettings()</c>.</param>
    /// <param name="start">
    /// Map of the same memory to start from, such as one made before; null means that of <see cref="Principal"/>.
    /// </param>
    /// <param name="progress">Is told the share that is done, from 0 to 1; null tells nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the start has another memory.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static EntryMap OfNeighbors(
        EntryNeighbors neighbors,
        EntryMapSettings? settings = null,
        EntryMap? start = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        settings ??= new EntryMapSettings();
        settings.Validate();
        if (start is not null && start.Memory != neighbors.Memory)
        {
            throw new ArgumentException(
                "start must be a map of the memory that the neighbours are of. Got one of another memory.",
                nameof(start));
        }

        ParallelOptions parallel = Threads(settings.ThreadCount, cancellationToken);
        start ??= InPlane(neighbors.Rows, parallel, null);
        float[] places = PlaneEmbedding.Embed(neighbors, settings, start, parallel, progress);
        float[] x = new float[neighbors.Count];
        float[] y = new float[neighbors.Count];
        for (int row = 0; row < x.Length; row++) (x[row], y[row]) = (places[2 * row], places[(2 * row) + 1]);
        return new EntryMap(neighbors.Rows, x, y, []);
    }

    /// <summary>Measures how far neighbours in the plane are neighbours in the memory.</summary>
    /// <remarks>
    /// <para>1 - 2 / (m·k·(2n - 3k - 1)) times the sum, over m entries and the k others nearest to each in the plane, of
    /// how many places beyond k they are among its neighbours in the memory. 1: all of them are among the k nearest
    /// there; places drawn at random give about 0.5.</para>
    /// <para>Cost: O(m·n·(d + log n)).</para>
    /// <para>Source: Venna and Kaski, 2001, Neighborhood preservation in nonlinear projection methods.</para>
    /// </remarks>
    /// <param name="neighborCount">Number of neighbours k, at least 1 and below half of the entries.</param>
    /// <param name="sampleCount">
    /// Entries m that are measured from, spread evenly over their order, at least 1; all where there are fewer.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public double MeasureTrustworthiness(
        int neighborCount = 15, int sampleCount = 1_000, CancellationToken cancellationToken = default)
    {
        Check.AtLeast(neighborCount, 1, "MeasureTrustworthiness's neighborCount");
        Check.AtLeast(sampleCount, 1, "MeasureTrustworthiness's sampleCount");
        if (neighborCount >= Count / 2.0)
        {
            throw new ArgumentException(
                $"MeasureTrustworthiness's neighborCount must be below half of the {Count} entries. "
                + $"Got {neighborCount}.",
                nameof(neighborCount));
        }

        return MapTrust.Measure(this, neighborCount, Math.Min(sampleCount, Count), cancellationToken);
    }

    private static EntryMap InPlane(EntryRows rows, ParallelOptions parallel, IProgress<double>? progress)
    {
        float[] x = new float[rows.Count];
        float[] y = new float[rows.Count];
        (double shareX, double shareY) = PrincipalPlane.Place(rows, x, y, parallel, progress);
        return new EntryMap(rows, x, y, [shareX, shareY]);
    }

    private static ParallelOptions Threads(int? count, CancellationToken cancellationToken)
        => new() { MaxDegreeOfParallelism = count ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
}
