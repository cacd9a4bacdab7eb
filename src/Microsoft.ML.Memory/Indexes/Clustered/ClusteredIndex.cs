// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Approximate search in one file larger than memory, of whose lists a search reads a few.</summary>
/// <remarks>
/// <para>Heads, vectors that stand for a list each, are in memory; lists are in the file, which is mapped. A search
/// reads the lists of the heads nearest to the query, those about as near as the nearest: see <see
/// cref="ClusteredSettings.DistanceRatio"/>. A vector near several heads is in several lists. Where fewer than k
/// neighbours were found, as with a strict filter, further lists are read until there are k.
/// <see cref="SearchOptions.CandidateCount"/> counts lists; from the number of lists on, and where k reaches
/// <see cref="Count"/>, the answer is exact.</para>
/// <para>By inner product entries far longer than others are the answers of many queries: heads are means there, and
/// a list ranks by the product of query and head and how far its entries at home reach beyond that.</para>
/// <para>Changes go to a log at the end of the file and are held in memory, where added vectors are compared one by
/// one. Before there are too many of them the file is written anew: see <see cref="Compact"/>. A change is in the file
/// as a whole when its call returns, and not at all otherwise, even if the process is killed.</para>
/// <para>Every part of the file is checked against a checksum when it is first read: a damaged file gives an
/// <see cref="InvalidDataException"/> that names section and byte, from <see cref="Open(string)"/> or from a
/// search.</para>
/// <para>Memory: heads (4·d bytes for about <see cref="ClusteredSettings.ListLength"/> entries or less), one bit an
/// entry for what was removed and one for each thread that searches, and added entries. Cost of a search of one query:
/// m·d for m heads, and r·d for r postings read.</para>
/// <para>A removal copies those bits, n/8 bytes. Changes of the file by others are found when it is opened, not while
/// it is open: it is mapped, and where another program cuts it, or the device fails to read it, the system ends this
/// process (on Unix with SIGBUS).</para>
/// <para>Thread safety: searches never wait; writers take turns. The file is locked against other indexes, in other
/// processes as well, where the file system has locks.</para>
/// <para>Source: Chen et al., "SPANN", NeurIPS 2021, arXiv 2111.08566. Differs from the paper: heads are compared one
/// by one, not by a graph; a fixed number of lists is read whatever the ratio; lists are not split when they grow, a
/// new file is written instead; the inner product, of which the paper does not speak.</para>
/// </remarks>
public sealed partial class ClusteredIndex : IVectorIndex, IDisposable
{
    private const string NewSuffix = ".building";

    private readonly Lock _turn = new();
    private readonly string _path;
    private readonly WriteGate? _gate;
    private readonly HashSet<long> _addedIds = [];
    private IndexFile _file;
    private IndexHeader _header;
    private ChangeLog _log;
    private MemoryBank _bank;
    private volatile ClusteredState _state;
    private volatile bool _isDisposed;

    private ClusteredIndex(string path, IndexFile file, WriteGate? gate)
    {
        _path = path;
        _file = file;
        _gate = gate;
        _header = IndexHeader.Read(file);
        (_log, _bank, _state) = Start(file, _header);
    }

    /// <inheritdoc/>
    public int Dimension => _header.Dimension;

    /// <inheritdoc/>
    public Metric Metric => _header.Metric;

    /// <inheritdoc/>
    public int Count => _state.Count;

    /// <summary>Settings the file was made with.</summary>
    public ClusteredSettings Settings => _header.Settings;

    /// <summary>Number of lists in the file now.</summary>
    public int ListCount => _state.Base.ListCount;

    /// <summary>Makes an empty index in a new file.</summary>
    /// <param name="path">The file; there must be none yet.</param>
    /// <param name="dimension">Length d of every vector, in [1, 2^20].</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <exception cref="ArgumentException">An argument or a setting is out of its range.</exception>
    /// <exception cref="IOException">There is such a file, or it cannot be written.</exception>
    public static ClusteredIndex Create(
        string path, int dimension, Metric metric = Metric.Cosine, ClusteredSettings? settings = null)
        => Create(path, dimension, metric, settings, null);

    /// <summary>Opens the index of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="IOException">The file is open elsewhere or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and byte.
    /// </exception>
    public static ClusteredIndex Open(string path) => Open(path, null);

    /// <summary>Builds an index in a file from the rows of a stream, which may be larger than memory.</summary>
    /// <remarks>
    /// <para>Rows are read twice: first for a sample of which the heads are chosen, then for the lists. The file, and
    /// beside it a temporary one of about its size, are written under other names; the file that may be there is
    /// replaced at the very end and untouched if the build fails or is killed.</para>
    /// <para>Memory: about <see cref="ClusteredSettings.MemoryBytes"/>, the heads and one batch. Cost: n·m·d for the
    /// nearest heads of n rows among m heads.</para>
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="source">Gives the same batches each time it is enumerated.</param>
    /// <param name="dimension">Length d of every vector, in [1, 2^20].</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    /// <exception cref="ArgumentException">
    /// An argument or a setting is out of its range, an id comes twice, a batch's lengths do not fit, or a value is not
    /// finite.
    /// </exception>
    /// <exception cref="InvalidOperationException">The second enumeration gives other rows.</exception>
    /// <exception cref="IOException">The file is open elsewhere, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The build was stopped.</exception>
    public static ClusteredIndex Build(
        string path,
        IEnumerable<VectorBatch> source,
        int dimension,
        Metric metric = Metric.Cosine,
        ClusteredSettings? settings = null,
        CancellationToken cancellationToken = default)
        => Build(path, source, dimension, metric, settings, null, cancellationToken);

    /// <summary>Closes the file; searches that run go on to their end, later ones are refused.</summary>
    /// <exception cref="IOException">The device failed; the file is closed and as a kill would leave it.</exception>
    public void Dispose()
    {
        lock (_turn)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _state.Base.Pages.Dispose();
            try
            {
                if (_header.LogEnd != _log.End) FlushLog(); // the header vouches for it
                WriteHeader();
            }
            finally
            {
                _file.Dispose();
            }
        }
    }

    internal static ClusteredIndex Create(
        string path, int dimension, Metric metric, ClusteredSettings? settings, WriteGate? gate)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = IndexFile.FullPath(path);
        IndexHeader header = HeaderOf(dimension, metric, settings);
        IndexFile.Restore(path);
        if (File.Exists(path))
            throw new IOException($"Index file '{path}' must be a new one. Got one that is there. Open it instead.");
        return Build(path, header, [], gate, replaces: false, default);
    }

    internal static ClusteredIndex Open(string path, WriteGate? gate)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = IndexFile.FullPath(path);
        IndexFile.Restore(path);
        IndexFile file = IndexFile.Open(path, gate);
        try
        {
            DeleteLeftovers(path);
            return new ClusteredIndex(path, file, gate);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static ClusteredIndex Build(
        string path,
        IEnumerable<VectorBatch> source,
        int dimension,
        Metric metric,
        ClusteredSettings? settings,
        WriteGate? gate,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(source);
        path = IndexFile.FullPath(path);
        IndexHeader header = HeaderOf(dimension, metric, settings);
        IndexFile.Restore(path);
        ClusteredIndex index;
        using (IndexFile? former = File.Exists(path) ? IndexFile.Open(path, null) : null)
            index = Build(path, header, Numbered(source, dimension), gate, replaces: true, cancellationToken);
        if (OperatingSystem.IsWindows()) IndexFile.DeleteAside(path);
        return index;
    }

    /// <summary>Gives where the file is, for tests.</summary>
    internal string FilePath => _path;

    /// <summary>Gives what is searched, for tests; it is valid while the index is open.</summary>
    internal ClusteredState State => _state;

    private static ClusteredIndex Build(
        string path,
        IndexHeader header,
        IEnumerable<SlottedBatch> rows,
        WriteGate? gate,
        bool replaces,
        CancellationToken stop)
    {
        IndexFile file = new ClusteredBuilder(path + NewSuffix, header, gate, stop).Build(rows);
        ClusteredIndex? index = null;
        try
        {
            index = new ClusteredIndex(path, file, gate);
            file.MoveTo(path, replaces, OperatingSystem.IsWindows());
            return index;
        }
        catch
        {
            index?._state.Base.Pages.Dispose();
            file.Dispose();
            File.Delete(path + NewSuffix);
            throw;
        }
    }

    private static IndexHeader HeaderOf(int dimension, Metric metric, ClusteredSettings? settings)
    {
        Check.Dimension(dimension);
        Check.Metric(metric);
        settings ??= new ClusteredSettings();
        settings.Validate();
        return IndexHeader.New(dimension, metric, settings);
    }

    private static IEnumerable<SlottedBatch> Numbered(IEnumerable<VectorBatch> source, int dimension)
    {
        int next = 0;
        foreach (VectorBatch batch in source)
        {
            int count = batch.Ids.Length;
            Check.Length(batch.Vectors.Length, (long)count * dimension, "vectors", $"[{count}, {dimension}]");
            if (batch.Vectors.Length > ChangeLog.LargestValueCount)
                throw new ArgumentException(
                    $"vectors must be at most {ChangeLog.LargestValueCount} values a batch. "
                    + $"Got {batch.Vectors.Length}.");
            Check.Finite(batch.Vectors.Span, dimension, "vectors");
            if (batch.Ids.Span.Contains(long.MaxValue))
                throw new ArgumentException($"ids must be below {long.MaxValue}. Got it.");
            if (next > int.MaxValue - count)
                throw new ArgumentException($"source must give at most {int.MaxValue} rows. Got more.");
            yield return new SlottedBatch(Enumerable.Range(next, count).ToArray(), batch.Ids, batch.Vectors);
            next += count;
        }
    }

    private static void DeleteLeftovers(string path)
    {
        foreach (string suffix in (string[])["", ".slots", ".ids", ".rows"]) File.Delete(path + NewSuffix + suffix);
        File.Delete(path + IndexFile.AsideSuffix);
    }
}
