// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class ClusteredIndex
{
    /// <summary>Fewer removed entries than this are not worth a new file.</summary>
    private const int FewRemoved = 256;

    private int _removedAdded;
    private int _removedWhenRefused;
    private bool _isInDoubt; // whether the device has what the header does not vouch for, once it is flushed

    /// <inheritdoc/>
    /// <exception cref="IOException">The file could not be written; nothing was added.</exception>
    /// <exception cref="InvalidDataException">
    /// A part of the file that had to be read is damaged; nothing was added.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Added entries had to be merged, and beside the file none may be made; nothing was added.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        Check.Length(vectors.Length, (long)ids.Length * Dimension, nameof(vectors), $"[{ids.Length}, {Dimension}]");
        if (vectors.Length > ChangeLog.LargestValueCount)
            throw new ArgumentException(
                $"vectors must be at most {ChangeLog.LargestValueCount} values a call. Got {vectors.Length}.",
                nameof(vectors));
        CheckCount(ids.Length);
        Check.Finite(vectors, Dimension, nameof(vectors));

        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            CheckFree(ids);
            if (ids.IsEmpty) return;
            if (_state.Base.Count > int.MaxValue - _state.Added.PositionCount - ids.Length)
                throw new InvalidOperationException(
                    $"The index must have at most {int.MaxValue} entries. Got {ids.Length} more than fit.");
            if (_state.Added.Count > 0 && _state.Added.Count + ids.Length > Settings.AddedCount) Rewrite();
            _addedIds.EnsureCapacity(_addedIds.Count + ids.Length);
            _bank.AddRange(vectors, new int[ids.Length], default, ids);
            ClusteredState next = _state with { Added = _bank.Snapshot() };
            try
            {
                long end = _log.End;
                uint checksum = _log.Checksum;
                _log.Add(ids, vectors);
                Commit(end, checksum);
            }
            catch
            {
                _bank.Remove(ids);
                throw;
            }

            // From here on the change is in the file, and nothing may fail.
            foreach (long id in ids) _addedIds.Add(id);
            _state = next;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Bytes of removed entries stay in the file until <see cref="Compact"/>, or until more than
    /// <see cref="ClusteredSettings.RemovedShare"/>, and 256 at least, are removed: the next removal then writes the
    /// file anew, where there is room and nothing in it is damaged, and otherwise one after as many more.
    /// </remarks>
    /// <exception cref="IOException">The file could not be written; nothing was removed.</exception>
    /// <exception cref="InvalidDataException">
    /// What the file says of one of the ids is damaged; nothing was removed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public void Remove(ReadOnlySpan<long> ids)
    {
        CheckCount(ids.Length);

        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            CheckStored(ids);
            if (ids.IsEmpty) return;
            int removed = _state.RemovedCount + _removedAdded;
            int since = removed - _removedWhenRefused;
            if (since >= FewRemoved && since > Settings.RemovedShare * (_state.Count + removed)) TryRewrite(removed);
            (List<int> slots, List<long> added) = Locate(ids);
            MemoryBank bank = _bank;
            if (added.Count > 0)
            {
                bank = new MemoryBank(_bank.Snapshot()); // the present one stays in case the change cannot be written
                bank.Remove([.. added]);
            }

            ClusteredState next = _state with
            {
                Removed = _state.Without(slots),
                RemovedCount = _state.RemovedCount + slots.Count,
                Added = bank.Snapshot(),
            };
            long end = _log.End;
            uint checksum = _log.Checksum;
            _log.Remove(ids);
            Commit(end, checksum);

            // From here on the change is in the file, and nothing may fail.
            _addedIds.ExceptWith(added);
            _removedAdded += added.Count;
            _bank = bank;
            _state = next;
        }
    }

    /// <summary>Waits until the device has all changes.</summary>
    /// <exception cref="IOException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public void Flush()
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            FlushLog();
            WriteHeader();
            _file.Flush();
        }
    }

    private (ChangeLog Log, MemoryBank Bank, ClusteredState State) Start(IndexFile file, IndexHeader header)
    {
        var lists = new ClusteredBase(file, header);
        try
        {
            _log = new ChangeLog(file, header);
            _bank = new MemoryBank(header.Dimension, header.Metric);
            _state = new ClusteredState(lists, new ulong[(header.Count + 63L) / 64], 0, _bank.Snapshot());
            _log.Replay(header.LogEnd, ReplayAdd, ReplayRemove);
            CutTail(file);
            _isInDoubt = _log.End > header.LogEnd;
            return (_log, _bank, _state with { Added = _bank.Snapshot() });
        }
        catch
        {
            lists.Pages.Dispose();
            throw;
        }
    }

    /// <summary>Cuts off what a kill left of a record; where it cannot be, the next record overwrites it.</summary>
    private void CutTail(IndexFile file)
    {
        try
        {
            if (file.Length > _log.End) file.Cut(_log.End);
        }
        catch (IOException)
        {
            // Some systems keep the length of a mapped file. Records name the one before them, so the rest is none.
        }
    }

    private void ReplayAdd(long[] ids, float[] vectors)
    {
        CheckFree(ids);
        Check.Finite(vectors, Dimension, nameof(vectors));
        _bank.AddRange(vectors, new int[ids.Length], default, ids);
        foreach (long id in ids) _addedIds.Add(id);
    }

    private void ReplayRemove(long[] ids)
    {
        CheckStored(ids);
        (List<int> slots, List<long> added) = Locate(ids);
        foreach (int slot in slots) _state.Removed[slot >> 6] |= 1UL << (slot & 63); // nobody reads it yet
        _bank.Remove([.. added]);
        _addedIds.ExceptWith(added);
        _removedAdded += added.Count;
        _state = _state with { RemovedCount = _state.RemovedCount + slots.Count };
    }

    /// <summary>Checks that a change fits a record of the log: only a whole one is kept or lost whole.</summary>
    private static void CheckCount(int count)
    {
        if (count > ChangeLog.LargestIdCount)
            throw new ArgumentException(
                $"ids must be at most {ChangeLog.LargestIdCount} a call. Got {count}. Give them in several calls.",
                "ids");
    }

    private void CheckFree(ReadOnlySpan<long> ids)
    {
        var named = new HashSet<long>(ids.Length);
        for (int row = 0; row < ids.Length; row++)
        {
            long id = ids[row];
            if (!named.Add(id) || _addedIds.Contains(id) || _state.TryFindInLists(id, out _))
                throw new ArgumentException($"ids must be free and differ. Got {id} again in row {row}.", nameof(ids));
            if (id == long.MaxValue)
                throw new ArgumentException($"ids must be below {long.MaxValue}. Got it in row {row}.", nameof(ids));
        }
    }

    private void CheckStored(ReadOnlySpan<long> ids)
    {
        var named = new HashSet<long>(ids.Length);
        foreach (long id in ids)
        {
            if (!_addedIds.Contains(id) && !_state.TryFindInLists(id, out _))
                throw new KeyNotFoundException($"ids must be stored. Got {id}, which is not. Nothing was removed.");
            if (!named.Add(id))
                throw new ArgumentException($"ids must differ. Got {id} twice. Nothing was removed.", nameof(ids));
        }
    }

    private (List<int> Slots, List<long> Added) Locate(ReadOnlySpan<long> ids)
    {
        var slots = new List<int>();
        var added = new List<long>();
        foreach (long id in ids)
        {
            if (_addedIds.Contains(id)) added.Add(id);
            else if (_state.TryFindInLists(id, out int slot)) slots.Add(slot);
        }

        return (slots, added);
    }

    /// <summary>Makes the last record last, or takes it back.</summary>
    private void Commit(long end, uint checksum)
    {
        if (!Settings.FlushEachChange) return;
        try
        {
            FlushLog();
        }
        catch (IOException)
        {
            _log.TakeBack(end, checksum);
            _isInDoubt = _log.End > _header.LogEnd;
            throw;
        }

        try
        {
            WriteHeader();
        }
        catch (IOException)
        {
            // The change is on the device, and is found there without the header: the next one names it as well.
        }
    }

    /// <summary>Waits until the device has the log.</summary>
    /// <remarks>
    /// After a flush that failed the system may have given up what it was to write, and say of the next that all is
    /// well. So what no header vouches for is written again.
    /// </remarks>
    private void FlushLog()
    {
        if (_isInDoubt) _log.WriteAgain(_header.LogEnd);
        _isInDoubt = true;
        _file.Flush();
        _isInDoubt = false;
    }

    /// <summary>Writes a header that names the log as it is, into the slot of the header before the last.</summary>
    private void WriteHeader()
    {
        if (_header.LogEnd == _log.End) return;
        IndexHeader header = _header with { Generation = _header.Generation + 1, LogEnd = _log.End };
        _file.Write(header.ToSlot(), header.SlotAt);
        _header = header;
    }
}
