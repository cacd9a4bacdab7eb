// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Takes entries out of the graph: whoever had a link to one chooses anew among its neighbours.</summary>
/// <remarks>
/// Each list that loses a link is chosen anew once, by the heuristic, from the links it keeps and the links of those it
/// loses; where these are removed as well, from theirs, and so on. The result does not depend on the number of threads.
/// </remarks>
internal sealed unsafe class GraphRepair(GraphNodes nodes, IncomingLinks incoming)
{
    private const int CandidatesOfLink = 8;

    /// <summary>Gives the slots, in ascending order, that keep their entry and have a link to one that goes.</summary>
    public int[] FindAffected(ReadOnlySpan<int> removed)
    {
        var affected = new HashSet<int>();
        foreach (int slot in removed)
        {
            foreach (int source in incoming.Of(slot))
            {
                if (Stays(source)) affected.Add(source);
            }
        }

        int[] slots = [.. affected];
        Array.Sort(slots);
        return slots;
    }

    /// <summary>Replaces the links of a slot that lead to entries that go, on every layer.</summary>
    public void Repair(int slot, GraphLinker linker)
    {
        Span<int> kept = stackalloc int[2 * GraphLimits.LargestLinkCount];
        for (int level = 0; level <= nodes.Node(slot).Level; level++)
        {
            int count = nodes.CopyLinks(slot, level, kept);
            int keptCount = 0;
            for (int place = 0; place < count; place++)
            {
                if (Stays(kept[place])) kept[keptCount++] = kept[place];
            }

            if (keptCount == count) continue;
            linker.Relink(slot, level, Candidates(slot, level), incoming, kept[..keptCount]);
        }
    }

    /// <summary>Forgets the links of entries that go; gives the slots to which no link leads any more.</summary>
    public int[] Detach(ReadOnlySpan<int> removed)
    {
        var orphans = new SortedSet<int>();
        foreach (int slot in removed)
        {
            for (int level = 0; level <= nodes.Node(slot).Level; level++)
            {
                int* links = nodes.Links(slot, level);
                int count = nodes.CountLinks(slot, level);
                for (int place = 0; place < count; place++)
                {
                    int target = links[place] - 1;
                    incoming.Remove(target, slot);
                    if (Stays(target) && incoming.Of(target).IsEmpty) orphans.Add(target);
                }
            }
        }

        foreach (int slot in removed) incoming.Clear(slot);
        return [.. orphans];
    }

    private bool Stays(int slot) => nodes.Node(slot).Died == GraphNode.Never;

    private int[] Candidates(int slot, int level)
    {
        int most = CandidatesOfLink * nodes.CapacityOf(level);
        var met = new HashSet<int> { slot };
        var candidates = new List<int>();
        var open = new Queue<int>();
        open.Enqueue(slot);
        while (candidates.Count < most && open.TryDequeue(out int from))
        {
            int* links = nodes.Links(from, level);
            int count = nodes.CountLinks(from, level);
            for (int place = 0; place < count; place++)
            {
                int target = links[place] - 1;
                if (!met.Add(target)) continue;
                if (!Stays(target)) open.Enqueue(target);
                else if (from != slot) candidates.Add(target);
            }
        }

        return [.. candidates];
    }
}
