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
