// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>A memory that loses nothing: a saved model and, beside it, a journal of every change since.</summary>
/// <remarks>
/// <para>Beside <c>model.zip</c> lie <c>model.zip.journal</c> and <c>model.zip.lock</c>. A change is acknowledged, by
/// the end of its task, only when it is on disk and readers see it; whatever ends the process then, the next
/// <see cref="Open(MLContext, string, DurableMemoryOptions?)"/> gives the same memory, bit for bit. A change that was
/// not acknowledged is there as a whole or not at all.</para>
/// <para>Changes that come at the same time are written and flushed together (group commit), so that many writers cost
/// hardly more than one. Compaction writes a new model file, puts it in place of the old one at once, and overwrites
/// the journal: from then on no file holds a byte of an entry that was removed before it began.</para>
/// <para>Holds a <see cref="VisualMemoryTransformer"/>, a <see cref="CompressedMemoryTransformer"/> or an
/// <see cref="AdaNpcTransformer"/>, alone or in a chain. Examples are given as the memory reads them: with features,
/// not with what a chain makes features of.</para>
/// <para>Thread safety: safe for concurrent use; readers never wait for writers. One process at a time can have a
/// memory open.</para>
/// <para>What is promised, and what a disk must do for it: docs/guides/durable-memory.md.</para>
/// </remarks>
public sealed partial class DurableMemory : IDisposable, IAsyncDisposable
{
    private readonly DurableMemoryOptions _options;
    private readonly IHostEnvironment _environment;
    private readonly DurableFiles _files;
    private readonly IDisposable _lock;
    private readonly ChangeWriter _writer;
    private readonly Compactor _compactor;
    private readonly Lazy<Task> _closing;
    private long _failedLength;
    private volatile bool _isClosed;

    private DurableMemory(
        DurableFiles files, IDisposable held, DurableMemoryOptions options, IHostEnvironment environment)
    {
        _files = files;
        _lock = held;
        _options = options;
        _environment = environment;
        var opening = new DurableOpening(files);
        ReplayedCount = opening.ReplayedCount;
        if (opening.TornBytes > 0) WarnOfTorn(opening.TornBytes);
        _writer = new ChangeWriter(opening.Journal, opening.Live, options, Path) { GroupEnded = CompactIfLarge };
        _compactor = new Compactor(files, _writer, opening.Schema);
        _closing = new Lazy<Task>(CloseAsync);
        _writer.Start();
    }

    /// <summary>Path of the model file.</summary>
    public string Path => _files.Store.PathOf(_files.Model);

    /// <summary>The whole model, its memory as it is after the last acknowledged change; immutable.</summary>
    /// <remarks>
    /// Made when it is asked for, once for all who ask between two changes; costs no copy of the entries. For an
    /// adaptive memory it costs O(n) and may wait for the change that is being made.
    /// </remarks>
    public ITransformer Model => _writer.Memory.Model;

    /// <summary>Number of entries after the last acknowledged change.</summary>
    public int Count => _writer.Memory.Count;

    /// <summary>Sequence number of the last acknowledged change; it grows with each, also over openings.</summary>
    public long Sequence => _writer.Sequence;

    /// <summary>Number of changes that were made again when the memory was opened.</summary>
    public long ReplayedCount { get; }

    /// <summary>Opens a saved model for changes, with all that have been acknowledged before.</summary>
    /// <remarks>Cost: loading the model, and making again every change since the last compaction.</remarks>
    /// <param name="mlContext">Loads the model.</param>
    /// <param name="path">Path of the model file, as <c>mlContext.Model.Save</c> wrote it.</param>
    /// <param name="options">Null means the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="FileNotFoundException">The model file is not there.</exception>
    /// <exception cref="IOException">The memory is open already, in this process or another.</exception>
    /// <exception cref="InvalidDataException">
    /// The journal is damaged before its end, or it goes on from another model file; nothing has been changed on disk.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model holds no memory that can be changed entry by entry, or more than one.
    /// </exception>
    public static DurableMemory Open(MLContext mlContext, string path, DurableMemoryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentException.ThrowIfNullOrEmpty(path);

        string full = IndexFile.FullPath(path); // a link and its target are one memory
        string folder = System.IO.Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
            throw new FileNotFoundException($"The folder of model '{full}' must be there. Got none.");
        return Open(mlContext, new FolderFiles(folder), System.IO.Path.GetFileName(full), options);
    }

    /// <summary>Opens a model of a store.</summary>
    internal static DurableMemory Open(
        MLContext mlContext, IFileStore store, string name, DurableMemoryOptions? options)
    {
        options ??= new DurableMemoryOptions();
        options.Validate();
        var files = new DurableFiles(mlContext, store, name);
        IDisposable held = Lock(files);
        try
        {
            return new DurableMemory(files, held, options, HostAccess.EnvironmentOf(mlContext.Model));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Predicts one row with an adaptive memory and leaves the memory as it is; waits for nobody.</summary>
    /// <param name="features">[d].</param>
    /// <exception cref="ArgumentException">The length is not d.</exception>
    /// <exception cref="InvalidOperationException">The memory is not an adaptive one.</exception>
    public AdaptivePrediction Predict(ReadOnlySpan<float> features) => _writer.Memory.Predict(features);

    /// <summary>
    /// Writes a new model file with all changes acknowledged so far, and overwrites the journal of them.
    /// </summary>
    /// <remarks>
    /// Changes go on meanwhile. Cost: saving and loading the model, and its room in memory until that is done. What
    /// another is reading of the old model file stays whole; its blocks are given back to the disk as they are.
    /// </remarks>
    /// <param name="cancellationToken">Ends the waiting for another compaction; one that has begun is finished.</param>
    /// <exception cref="IOException">A file could not be written; the former files serve on.</exception>
    /// <exception cref="ObjectDisposedException">The memory is closed.</exception>
    public async Task CompactAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        await _compactor.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            await Task.Run(_compactor.RunAsync, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _compactor.Leave();
        }
    }

    /// <summary>Finishes the changes that were sent, then closes the files; later changes are refused.</summary>
    public void Dispose() => _closing.Value.GetAwaiter().GetResult();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(_closing.Value);

    private static IDisposable Lock(DurableFiles files)
    {
        try
        {
            return files.Store.Lock(files.LockName);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            throw new IOException(
                $"Memory '{files.Store.PathOf(files.Model)}' must be open once at a time. Got it open already, in "
                + $"this process or another, which holds '{files.Store.PathOf(files.LockName)}'. Close it there first.",
                error);
        }
    }

    private async Task CloseAsync()
    {
        _isClosed = true;
        await _compactor.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        await _writer.CloseAsync().ConfigureAwait(false);
        _writer.Journal.Dispose();
        _lock.Dispose();
        _compactor.Leave(); // whoever waits for a turn sees that it is closed
    }

    /// <summary>Starts a compaction where the journal has grown enough.</summary>
    private void CompactIfLarge()
    {
        long length = _writer.Journal.Length;
        if (_options.CompactionBytes is not { } bytes || length < bytes || length < 2 * _failedLength) return;
        if (length < _options.CompactionShare * _files.ModelBytes || !_compactor.TryEnter()) return;
        _ = Task.Run(() => CompactQuietlyAsync(length));
    }

    private async Task CompactQuietlyAsync(long length)
    {
        try
        {
            await _compactor.RunAsync().ConfigureAwait(false);
            _failedLength = 0;
        }
        catch (Exception error)
        {
            _failedLength = length;
            using IChannel channel = _environment.Register(nameof(DurableMemory)).Start("Compact");
            channel.Warning(
                MessageSensitivity.Schema,
                $"Memory '{Path}' should be compacted, its journal has {length} bytes. Got: {error.Message} "
                + "It is tried again when the journal has doubled.");
        }
        finally
        {
            _compactor.Leave();
        }
    }

    private void WarnOfTorn(long bytes)
    {
        using IChannel channel = _environment.Register(nameof(DurableMemory)).Start("Open");
        channel.Warning(
            MessageSensitivity.Schema,
            $"The journal of memory '{Path}' should end with a whole record. Got {bytes} bytes of one that was never "
            + "acknowledged; they were cut off.");
    }
}
