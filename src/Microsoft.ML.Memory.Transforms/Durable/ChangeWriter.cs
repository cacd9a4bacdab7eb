// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Microsoft.ML.Memory;

/// <summary>The one thread that changes a memory: group commit.</summary>
/// <remarks>
/// Takes all changes that wait, checks each, appends those that pass to the journal as one group, waits until the group
/// is on disk, makes the changes, shows them to readers, and tells everybody. While it waits for the disk, the next
/// group gathers.
/// </remarks>
internal sealed class ChangeWriter
{
    private const int GatherShare = 4; // of a flush
    private static readonly TimeSpan _longestGather = TimeSpan.FromMilliseconds(2);

    private readonly DurableMemoryOptions _options;
    private readonly Channel<WriterItem> _queue;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _path;
    private volatile LiveMemory _memory;
    private TimeSpan _flushTime;
    private (int Last, int Before) _counts;
    private long _sequence;
    private bool _isClosing;

    /// <param name="journal">Where changes go; the writer's own from now on.</param>
    /// <param name="memory">What they change.</param>
    /// <param name="options">How groups are formed.</param>
    /// <param name="path">Path of the model file, for messages.</param>
    public ChangeWriter(Journal journal, LiveMemory memory, DurableMemoryOptions options, string path)
    {
        Journal = journal;
        _memory = memory;
        _options = options;
        _path = path;
        _sequence = journal.NextSequence - 1;
        _queue = Channel.CreateBounded<WriterItem>(
            new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>The journal; only for the writer's thread.</summary>
    public Journal Journal { get; private set; }

    /// <summary>The memory; changed by the writer's thread only.</summary>
    public LiveMemory Memory => _memory;

    /// <summary>Sequence number of the last change that readers see.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Where groups go besides; only for the writer's thread.</summary>
    public ConcurrentQueue<MemoryChange[]>? Followers { get; set; }

    /// <summary>Is called after each group, by the writer's thread.</summary>
    public Action? GroupEnded { get; set; }

    public void Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "Durable memory" };
        thread.Start();
    }

    /// <summary>Waits for room in the queue, then until a change is on disk and made.</summary>
    /// <exception cref="ArgumentException">The change does not fit the memory, or it is too large.</exception>
    /// <exception cref="IOException">It could not be written.</exception>
    public async Task<ChangeOutcome> ChangeAsync(MemoryChange change, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var item = new WriterItem(change, token);
        if (item.Bytes <= _options.LargestGroupBytes) return await SendAsync(item, token).ConfigureAwait(false);
        item.Fail(new ArgumentException(
            $"A change must take up at most {_options.LargestGroupBytes} bytes, "
            + "DurableMemoryOptions.LargestGroupBytes. "
            + $"Got {item.Bytes}. Split it."));
        return await item.Done.ConfigureAwait(false);
    }

    /// <summary>Has the writer's thread do something between two groups.</summary>
    public Task RunAsync(Action command) => SendAsync(new WriterItem(command), CancellationToken.None);

    /// <summary>Puts another memory and another journal, which hold the same, in place.</summary>
    public void Replace(LiveMemory memory) => _memory = memory;

    /// <inheritdoc cref="Replace(LiveMemory)"/>
    public void Replace(Journal journal) => Journal = journal;

    /// <summary>Makes all changes that have been sent, then ends.</summary>
    public async Task CloseAsync()
    {
        await RunAsync(() => _isClosing = true).ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
    }

    private async Task<ChangeOutcome> SendAsync(WriterItem item, CancellationToken token)
    {
        try
        {
            await _queue.Writer.WriteAsync(item, token).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            item.Fail(new ObjectDisposedException(nameof(DurableMemory)));
        }

        return await item.Done.ConfigureAwait(false);
    }

    private void Run()
    {
        WriterItem? item = null;
        while (!_isClosing)
        {
            item ??= Take();
            if (item.Change is null)
            {
                item.Run();
                item = null;
            }
            else item = CommitFrom(item);
        }

        _queue.Writer.Complete();
        while (_queue.Reader.TryRead(out WriterItem? late))
            late.Fail(new ObjectDisposedException(nameof(DurableMemory)));
        _ended.SetResult();
    }

    private WriterItem Take()
    {
        while (true)
        {
            if (_queue.Reader.TryRead(out WriterItem? item)) return item;
            _queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult(); // the thread is there for nothing else
        }
    }

    /// <summary>Commits a group and gives what comes after it, if that has been taken from the queue.</summary>
    private WriterItem? CommitFrom(WriterItem first)
    {
        Gather();
        var group = new List<WriterItem>();
        long bytes = JournalRecord.FrameBytes;
        WriterItem? next = first;
        do
        {
            if (next.Change is not { } change || !Fits(change, bytes + next.Bytes, group)) break;
            if (next.TryClaim() && Passes(next, change))
            {
                group.Add(next);
                bytes += next.Bytes;
            }
        }
        while (_queue.Reader.TryRead(out next));

        if (group.Count > 0) Commit(group);
        return next;
    }

    /// <summary>
    /// Gives those who were told just now a moment to come back: else the first of them would have a flush of its own
    /// while all others wait for it.
    /// </summary>
    private void Gather()
    {
        if (_options.CommitDelay > TimeSpan.Zero) Thread.Sleep(_options.CommitDelay);
        int expected = Math.Min(Math.Max(_counts.Last, _counts.Before), _options.QueueCapacity);
        TimeSpan most = _flushTime / GatherShare < _longestGather ? _flushTime / GatherShare : _longestGather;
        long start = Stopwatch.GetTimestamp();
        while (_queue.Reader.Count + 1 < expected && Stopwatch.GetElapsedTime(start) < most) Thread.Yield();
    }

    private bool Fits(MemoryChange change, long bytes, List<WriterItem> group)
        => group.Count == 0
            || (bytes <= _options.LargestGroupBytes && !_memory.IsAlone(change) && !_memory.IsAlone(group[0].Change!));

    private bool Passes(WriterItem item, MemoryChange change)
    {
        try
        {
            _memory.Check(change);
            return true;
        }
        catch (Exception error)
        {
            item.Fail(error);
            return false;
        }
    }

    private void Commit(List<WriterItem> group)
    {
        MemoryChange[] changes = [.. group.Select(item => item.Change!)];
        ChangeOutcome[] outcomes;
        try
        {
            long start = Stopwatch.GetTimestamp();
            Journal.Append([.. group.Select(item => item.Content)]);
            _flushTime = Stopwatch.GetElapsedTime(start);
            _counts = (group.Count, _counts.Last);
            outcomes = Make(changes);
        }
        catch (Exception error)
        {
            foreach (WriterItem item in group) item.Fail(Failed(error));
            _memory.ForgetChecks();
            return;
        }

        Volatile.Write(ref _sequence, Journal.NextSequence - 1);
        Followers?.Enqueue(changes);
        for (int index = 0; index < outcomes.Length; index++) group[index].Complete(outcomes[index]);
        GroupEnded?.Invoke();
    }

    private ChangeOutcome[] Make(MemoryChange[] changes)
    {
        try
        {
            return _memory.ApplyAll(changes);
        }
        catch (Exception error)
        {
            Journal.Fail(error); // what is in memory is no longer what is on disk
            throw;
        }
    }

    private IOException Failed(Exception error)
        => new(
            $"The memory '{_path}' must be opened again before it can be changed. Whether this change is kept is "
            + $"seen then. Got: {error.Message}",
            error);
}
