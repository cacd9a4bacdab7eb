// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class ClusteredIndex
{
    /// <summary>Writes the file anew from the entries that are left: no byte of removed ones stays in it.</summary>
    /// <remarks>
    /// <para>Heads and lists are made anew as well: the file then equals the one that <see cref="Build(string,
    /// IEnumerable{VectorBatch}, int, Metric, ClusteredSettings?, CancellationToken)"/> makes of these entries in the
    /// order in which they were added. Cost and memory are those of a build, room on the device that of two more
    /// files.</para>
    /// <para>The former file is replaced at the very end. Searches go on meanwhile.</para>
    /// </remarks>
    /// <exception cref="IOException">A file could not be written; the index is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Beside the file none may be made.</exception>
    /// <exception cref="InvalidDataException">A part of the file is damaged; the index is as it was.</exception>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public void Compact()
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Rewrite();
        }
    }

    private IndexFile Build(ClusteredBuilder builder, ClusteredState state)
    {
        try
        {
            return builder.Build(new LiveRows(state).Read());
        }
        catch (ArgumentException error)
        {
            throw IndexFormat.Error("postings", _header.PostingsAt, "must differ", error.Message.TrimEnd('.'));
        }
    }

    /// <summary>Writes the file anew where that can be done: a removal must not wait for it.</summary>
    private void TryRewrite(int removed)
    {
        try
        {
            Rewrite();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Each try may fill the device: the next comes after as many more. Whoever has to know calls Compact.
            _removedWhenRefused = removed;
        }
    }

    private void Rewrite()
    {
        ClusteredState former = _state;
        IndexHeader blank = IndexHeader.New(Dimension, Metric, Settings);
        var builder = new ClusteredBuilder(_path + NewSuffix, blank, _gate, default);
        IndexFile file = Build(builder, former);
        ClusteredBase? lists = null;
        IndexHeader header;
        ChangeLog log;
        var bank = new MemoryBank(Dimension, Metric);
        ClusteredState state;
        try
        {
            header = IndexHeader.Read(file);
            lists = new ClusteredBase(file, header);
            log = new ChangeLog(file, header);
            state = new ClusteredState(lists, new ulong[(header.Count + 63L) / 64], 0, bank.Snapshot());
            file.MoveTo(_path, replaces: true, OperatingSystem.IsWindows());
        }
        catch
        {
            lists?.Pages.Dispose();
            file.Dispose();
            File.Delete(_path + NewSuffix);
            throw;
        }

        IndexFile formerFile = _file;
        (_file, _header, _log, _bank, _state) = (file, header, log, bank, state);
        _addedIds.Clear();
        _removedAdded = 0;
        _removedWhenRefused = 0;
        _isInDoubt = false;
        former.Base.Pages.Dispose();
        formerFile.Dispose();
        if (OperatingSystem.IsWindows()) IndexFile.DeleteAside(_path);
    }
}
