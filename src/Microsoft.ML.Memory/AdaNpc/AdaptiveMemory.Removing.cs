// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class AdaptiveMemory
{
    /// <summary>Removes entries and leaves what was learned with their help.</summary>
    /// <exception cref="KeyNotFoundException">An id is not stored; nothing is removed.</exception>
    /// <exception cref="ArgumentException">An id is named twice; nothing is removed.</exception>
    public void Remove(params ReadOnlySpan<long> ids)
    {
        lock (_gate)
        {
            CheckStored(ids);
            foreach (long id in ids) Leave(_entries[id]);
            Apply([]);
        }
    }

    /// <summary>Removes entries and every adapted entry whose label may go back to them.</summary>
    /// <remarks>
    /// <para>An adapted entry descends from the entries that voted on its label, and from those that they descend from.
    /// Where an ancestor has left the memory the line cannot be followed any further: such an entry is removed as well,
    /// so that nothing is kept that may descend from what has to go.</para>
    /// <para>Cost O(n·k).</para>
    /// </remarks>
    /// <returns>The ids of all that was removed.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored; nothing is removed.</exception>
    /// <exception cref="ArgumentException">An id is named twice; nothing is removed.</exception>
    public IReadOnlyList<long> RemoveWithDescendants(params ReadOnlySpan<long> ids)
    {
        lock (_gate)
        {
            CheckStored(ids);
            HashSet<long> removed = [.. ids];

            // Parents have lower ids than their children, so one pass in that order sees every line to its end.
            foreach (AdaptiveEntry entry in _entries.Values.OrderBy(entry => entry.Id))
            {
                if (Array.Exists(entry.Parents, id => removed.Contains(id) || !_entries.ContainsKey(id)))
                    removed.Add(entry.Id);
            }

            long[] leaving = [.. removed.Order()];
            foreach (long id in leaving) Leave(_entries[id]);
            Apply([]);
            return leaving;
        }
    }

    /// <summary>Keeps, of the entries with predicted labels, only those that stand best for their class.</summary>
    /// <remarks>
    /// Source and feedback entries stay. Which adapted entries stay is chosen by <see cref="Herding"/>, class by class.
    /// Cost O(m·n·d) for the m kept of the n adapted entries of a class.
    /// </remarks>
    /// <param name="adaptedPerClass">Most adapted entries that a class keeps, at least 0.</param>
    /// <returns>The ids of all that was removed, ascending.</returns>
    /// <exception cref="ArgumentException">The number is below 0.</exception>
    public IReadOnlyList<long> Condense(int adaptedPerClass)
    {
        Check.AtLeast(adaptedPerClass, 0, nameof(adaptedPerClass));

        lock (_gate)
        {
            BankSnapshot memory = _bank.Snapshot();
            List<long> leaving = [];
            foreach (IGrouping<int, Entry> ofClass in memory.Entries
                .Where(entry => entry.Origin == EntryOrigin.Adapted)
                .GroupBy(entry => entry.Label))
            {
                Entry[] entries = [.. ofClass];
                if (entries.Length <= adaptedPerClass) continue;
                float[] keys = new float[entries.Length * Dimension];
                for (int index = 0; index < entries.Length; index++)
                    memory.CopyKey(entries[index].Position, keys.AsSpan(index * Dimension, Dimension));
                HashSet<int> kept = [.. Herding.Select(keys, Dimension, adaptedPerClass)];
                leaving.AddRange(entries.Where((_, index) => !kept.Contains(index)).Select(entry => entry.Id));
            }

            leaving.Sort();
            foreach (long id in leaving) Leave(_entries[id]);
            Apply([]);
            return leaving;
        }
    }

    private void CheckStored(ReadOnlySpan<long> ids)
    {
        var named = new HashSet<long>(ids.Length);
        foreach (long id in ids)
        {
            if (!_entries.ContainsKey(id))
                throw new KeyNotFoundException($"ids must be stored. Got {id}, which is not. Nothing was removed.");
            if (!named.Add(id))
                throw new ArgumentException($"ids must differ. Got {id} twice. Nothing was removed.", nameof(ids));
        }
    }
}
