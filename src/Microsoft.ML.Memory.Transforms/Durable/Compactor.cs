// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Writes a new model file that holds all changes, and lets the journal start over.</summary>
/// <remarks>
/// <para>In this order, each on disk before the next: the new model file beside the old; a record in the journal that
/// says which changes it holds; the new file in place of the old; a new journal with what has come since, in place of
/// the old; zeros over the old journal. Wherever that is cut off, model file and journal fit each other.</para>
/// <para>The memory that changes go on from is the one read back from the new file: what an opening would give, and
/// proof that the file can be read before the old one goes. Changes are made meanwhile; the writer waits for the last
/// steps only. Takes the room of a second memory while it runs.</para>
/// </remarks>
internal sealed class Compactor(DurableFiles files, ChangeWriter writer, DataViewSchema? schema)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Keeps compactions from running until <see cref="Leave"/>.</summary>
    public Task EnterAsync(CancellationToken token) => _turn.WaitAsync(token);

    /// <inheritdoc cref="EnterAsync"/>
    public bool TryEnter() => _turn.Wait(0);

    public void Leave() => _turn.Release();

    /// <summary>Compacts all changes made so far; whoever calls it has entered.</summary>
    public async Task RunAsync()
    {
        var later = new ConcurrentQueue<MemoryChange[]>();
        Start? start = null;
        await writer.RunAsync(() =>
        {
            writer.Journal.RequireUsable();
            start = new Start(writer.Memory.Freeze(), writer.Journal.NextSequence - 1, writer.Journal.Length);
            writer.Followers = later;
        }).ConfigureAwait(false);
        try
        {
            var compaction = new JournalCompaction(start!.LastSequence, files.Save(start.Model(), schema));
            (LiveMemory fresh, _) = files.LoadLive(files.NewModel);
            for (int left = later.Count; left > 0; left = left / 2) Follow(fresh, later, left);
            await writer.RunAsync(() => Switch(compaction, start.Length, fresh, later)).ConfigureAwait(false);
        }
        finally
        {
            await writer.RunAsync(() => writer.Followers = null).ConfigureAwait(false);
            files.Store.Erase(files.NewModel); // gone already where all went well
        }

        files.Store.Erase(Journal.OldName(files.Journal));
        files.Store.Flush();
    }

    /// <summary>Makes groups of changes that the live memory has made.</summary>
    private static void Follow(LiveMemory fresh, ConcurrentQueue<MemoryChange[]> later, int most)
    {
        for (; most > 0 && later.TryDequeue(out MemoryChange[]? changes); most--)
        {
            foreach (MemoryChange change in changes) fresh.Check(change);
            fresh.ApplyAll(changes);
        }
    }

    private void Switch(
        JournalCompaction compaction, long length, LiveMemory fresh, ConcurrentQueue<MemoryChange[]> later)
    {
        Follow(fresh, later, int.MaxValue);
        writer.Journal.Append(compaction);
        files.Store.Rename(files.NewModel, files.Model);
        files.Store.Flush();
        writer.Replace(fresh);
        writer.Replace(writer.Journal.ContinueAfter(compaction, length));
    }

    /// <summary>Where a compaction started.</summary>
    /// <param name="Model">Makes the model as it was.</param>
    /// <param name="LastSequence">The last change in it.</param>
    /// <param name="Length">Where that change ends in the journal.</param>
    private sealed record Start(Func<ITransformer> Model, long LastSequence, long Length);
}
