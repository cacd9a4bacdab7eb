// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>Exact search over vectors that a torch device multiplies: a CUDA accelerator or the processor.</summary>
/// <remarks>
/// <para>Ids and distances are those of a <see cref="FlatIndex"/>, on every device and in every encoding: the device
/// chooses candidates, more than k; those that can be among the nearest are compared in double precision on the host;
/// a proven bound on the device's rounding certifies that no other row can be. A query for which it does not gets more
/// candidates and, at last, a scan on the host.</para>
/// <para>Memory: 4·d bytes a vector on the host, for that comparison, and 4·d, 2·d or d bytes and a few more on the
/// device; both have room for up to as many vectors again.</para>
/// <para>Cost of a search: n·m·d multiplications on the device for n queries and m vectors. A filter is asked about
/// every vector on the host. The first search after a removal writes 4 bytes for each vector of the segments that
/// it touched. On CUDA, halves are multiplied as they are where
/// <c>torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction</c> is false, and are widened first
/// where it is true, which is torch's default, because that rounding has no bound.</para>
/// <para>Thread safety: searches never wait; writers take turns. On the processor a search uses as many threads as
/// torch is set to; <see cref="SearchOptions.ThreadCount"/> holds for what the host computes.</para>
/// </remarks>
public sealed class TorchVectorIndex : IVectorIndex, IDisposable
{
    private readonly Lock _gate = new();
    private readonly DeviceSettings _settings;
    private readonly RowEncoder _encoder;
    private MemoryBank _bank; // an index is a bank whose entries all have the same label
    private volatile DeviceState? _state;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">Length d of every vector, in [1, 2^20].</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="options">Null means the default options: single precision on the processor.</param>
    /// <exception cref="ArgumentException">The dimension, the metric or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The machine has no such device.</exception>
    public TorchVectorIndex(
        int dimension, Metric metric = Metric.Cosine, TorchVectorIndexOptions? options = null)
        : this(new MemoryBank(dimension, metric), options ?? new TorchVectorIndexOptions())
    {
    }

    /// <summary>Makes an index of an empty bank on a device, whether the machine has it or not.</summary>
    internal TorchVectorIndex(MemoryBank bank, torch.Device device, VectorEncoding encoding)
    {
        _bank = bank;
        _settings = new DeviceSettings(device, encoding, bank.Metric, bank.Dimension);
        _encoder = new RowEncoder(bank.Metric, bank.Dimension, encoding);
        _state = new DeviceState(_bank.Snapshot(), []);
    }

    private TorchVectorIndex(MemoryBank bank, TorchVectorIndexOptions options)
        : this(bank, DeviceOf(options), options.Encoding)
    {
    }

    /// <inheritdoc/>
    public int Dimension => _settings.Dimension;

    /// <inheritdoc/>
    public Metric Metric => _settings.Metric;

    /// <inheritdoc/>
    public int Count => Current().Snapshot.Count;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The index was disposed.</exception>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        Check.Length(vectors.Length, (long)ids.Length * Dimension, nameof(vectors), $"[{ids.Length}, {Dimension}]");
        Check.Finite(vectors, Dimension, nameof(vectors));

        lock (_gate)
        {
            DeviceState before = Current();
            _bank.AddRange(vectors, new int[ids.Length], default, ids);
            Publish(before);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The index was disposed.</exception>
    public void Remove(ReadOnlySpan<long> ids)
    {
        lock (_gate)
        {
            DeviceState before = Current();
            _bank.Remove(ids);
            Publish(before);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The index was disposed.</exception>
    public bool Contains(long id) => Current().Snapshot.TryFind(id, out _);

    /// <summary>Gives the vector of an id as it was added; false, and nothing copied, where none is stored.</summary>
    /// <param name="id">The id.</param>
    /// <param name="vector">Receives [d].</param>
    /// <exception cref="ArgumentException"><paramref name="vector"/> is not d long.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed.</exception>
    public bool TryGetVector(long id, Span<float> vector)
    {
        Check.Length(vector.Length, Dimension, nameof(vector), "[d]");
        return Current().Snapshot.TryCopyKey(id, vector);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The index was disposed.</exception>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
        => Answer(queries, k, neighbors, options);

    /// <summary>Frees the device's memory once the searches that run are done; later calls throw.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            DeviceState? last = _state;
            _state = null;
            last?.Release();
        }
    }

    /// <summary>Searches; gives the number of queries that the host's scan had to answer.</summary>
    internal int Answer(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        Check.AtLeast(k, 1, "Search's k");
        if (queries.Length % Dimension != 0)
            throw new ArgumentException(
                $"queries must be [n, {Dimension}]. Got {queries.Length} values.", nameof(queries));

        DeviceState state = Hold();
        try
        {
            k = Math.Min(k, state.Snapshot.Count);
            if (k > 0)
                return new DeviceSearch(_settings, state, k, neighbors, options ?? SearchOptions.Default).Run(queries);
            neighbors.Reset(queries.Length / Dimension, 0);
            return 0;
        }
        finally
        {
            state.Release();
        }
    }

    private static torch.Device DeviceOf(TorchVectorIndexOptions options)
    {
        options.Validate();
        return DeviceNames.Find(options.Device, "TorchVectorIndexOptions.Device");
    }

    private DeviceState Current()
    {
        DeviceState? state = _state;
        ObjectDisposedException.ThrowIf(state is null, this);
        return state;
    }

    private DeviceState Hold()
    {
        while (true)
        {
            DeviceState state = Current();
            if (state.TryHold()) return state; // else a writer has replaced it in between
        }
    }

    /// <summary>Brings the device up to the bank, or the bank back to what the device has.</summary>
    private void Publish(DeviceState before)
    {
        BankSnapshot snapshot = _bank.Snapshot();
        if (ReferenceEquals(snapshot, before.Snapshot)) return;
        try
        {
            _state = DeviceUpdate.Of(_settings, _encoder, before, snapshot);
        }
        catch
        {
            _bank = new MemoryBank(before.Snapshot);
            throw;
        }

        before.Release();
    }
}
