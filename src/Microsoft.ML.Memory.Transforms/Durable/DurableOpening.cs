// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Brings a memory back to where it was, whatever ended the process that had it.</summary>
/// <remarks>
/// First everything is read and checked; only when all of it fits is anything changed on disk: what a crash left behind
/// is cut off or overwritten, and a compaction that got as far as its new model file is finished.
/// </remarks>
internal sealed class DurableOpening
{
    private readonly DurableFiles _files;
    private readonly IFileStore _store;

    /// <exception cref="FileNotFoundException">The model file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the journal is that of another model.</exception>
    public DurableOpening(DurableFiles files)
    {
        _files = files;
        _store = files.Store;
        if (!_store.Exists(files.Model))
        {
            throw new FileNotFoundException(
                $"Model '{_store.PathOf(files.Model)}' must be there. Got none. Save a model with "
                + "mlContext.Model.Save first.");
        }

        Memory.Journal.Restore(_store, files.Journal);
        byte[] hash = _store.Hash(files.Model);
        Journal? journal = _store.Exists(files.Journal) ? Memory.Journal.Open(_store, files.Journal) : null;
        try
        {
            JournalCompaction? compaction = journal is null ? null : CompactionOf(journal, hash);
            (Live, Schema) = files.LoadLive(files.Model);
            if (journal is not null) Replay(journal, compaction?.LastSequence ?? journal.FirstSequence - 1);
            Journal = Tidy(journal, compaction, hash);
        }
        catch
        {
            journal?.Dispose();
            throw;
        }
    }

    /// <summary>The memory with all changes made.</summary>
    public LiveMemory Live { get; }

    /// <summary>What the model reads; null where it does not say.</summary>
    public DataViewSchema? Schema { get; }

    /// <summary>The journal, ready for the next change.</summary>
    public Journal Journal { get; }

    /// <summary>Changes made again.</summary>
    public long ReplayedCount { get; private set; }

    /// <summary>Bytes of a record that a crash cut short, and that nobody was told of.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Gives the compaction that wrote the model file; null where the journal starts at that file.</summary>
    private JournalCompaction? CompactionOf(Journal journal, byte[] hash)
    {
        if (journal.ModelHash.AsSpan().SequenceEqual(hash)) return null;
        return journal.Compactions.LastOrDefault(each =>
                each.LastSequence >= journal.FirstSequence - 1 && each.ModelHash.AsSpan().SequenceEqual(hash))
            ?? throw new InvalidDataException(
                $"Journal '{_store.PathOf(_files.Journal)}' must go on from the model file beside it. Got one that "
                + "goes on "
                + "from another. Put its model file back; or move the journal away, which gives its changes up.");
    }

    private void Replay(Journal journal, long after)
    {
        foreach (JournalGroup group in journal.ReadAfter(after))
        {
            Live.Replay(group, _store.PathOf(_files.Journal));
            ReplayedCount += group.Changes.Count;
        }
    }

    private Journal Tidy(Journal? journal, JournalCompaction? compaction, byte[] hash)
    {
        _store.Erase(_files.NewModel);
        _store.Erase(Memory.Journal.NewName(_files.Journal));
        _store.Erase(Memory.Journal.OldName(_files.Journal));
        if (journal is null)
        {
            using (IStoredFile model = _store.Open(_files.Model)) model.Flush(); // whoever saved it may not have
            return Memory.Journal.Create(_store, _files.Journal, hash);
        }

        TornBytes = journal.TornBytes;
        journal.Repair();
        if (compaction is null) return journal;
        _store.Flush(); // the new model file has its name for good before the old journal goes
        Journal rest = journal.ContinueAfter(compaction, journal.EndOf(compaction.LastSequence));
        _store.Erase(Memory.Journal.OldName(_files.Journal));
        return rest;
    }
}
