// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Takes entries out of the graph: whoever had a link to one chooses anew among its neighbours.</summary>
/// <remarks>
/// Each list that loses a link keeps the others and is filled up once, by the heuristic, from the links of those it
/// loses (where these are removed as well, from theirs, and so on) and then from the links of those it keeps. All lists
/// are looked at before the first is changed, so the result does not depend on the number of threads.
/// </remarks>
internal sealed unsafe class GraphRepair(GraphNodes nodes, IncomingLinks incoming)
{
    private const int CandidatesOfLink = 8;
    private const int NearCandidatesOfLink = 4;

    private int[] _affected = [];
    private int[]?[][] _candidates = [];

    /// <summary>Finds the slots that keep their entry and have a link to one that goes.</summary>
    public void FindAffected(ReadOnlySpan<int> removed)
    {
        var affected = new HashSet<int>();
        foreach (int slot in removed)
        {
            foreach (int source in incoming.Of(slot))
            {
                if (Stays(source)) affected.Add(source);
            }
        }

        _affected = [.. affected];
        Array.Sort(_affected);
        _candidates = new int[]?[_affected.Length][];
    }

    /// <summary>Number of entries with a link to one that goes.</summary>
    public int Count => _affected.Length;

    /// <summary>First step, for each of them: collects what its lists may be filled up from; changes nothing.</summary>
    public void Collect(int place)
    {
        int slot = _affected[place];
        var candidates = new int[]?[nodes.Node(slot).Level + 1];
        for (int level = 0; level < candidates.Length; level++)
        {
            if (Loses(slot, level)) candidates[level] = Candidates(slot, level);
        }

        _candidates[place] = candidates;
    }

    /// <summary>Second step, for each of them: replaces the links that lead to entries that go.</summary>
    public void Repair(int place, GraphLinker linker)
    {
        int slot = _affected[place];
        Span<int> kept = stackalloc int[2 * GraphLimits.LargestLinkCount];
        for (int level = 0; level < _candidates[place].Length; level++)
        {
            if (_candidates[place][level] is not { } candidates) continue;
            int count = nodes.CopyLinks(slot, level, kept);
            int keptCount = 0;
            for (int link = 0; link < count; link++)
            {
                if (Stays(kept[link])) kept[keptCount++] = kept[link];
            }

            linker.Relink(slot, level, candidates, incoming, kept[..keptCount]);
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

    private bool Loses(int slot, int level)
    {
        int* links = nodes.Links(slot, level);
        int count = nodes.CountLinks(slot, level);
        for (int place = 0; place < count; place++)
        {
            if (!Stays(links[place] - 1)) return true;
        }

        return false;
    }

    private int[] Candidates(int slot, int level)
    {
        int capacity = nodes.CapacityOf(level);
        var met = new HashSet<int> { slot };
        var candidates = new List<int>();
        var lost = new Queue<int>();
        var kept = new List<int>();
        foreach (int target in Links(slot, level))
        {
            met.Add(target);
            if (Stays(target)) kept.Add(target);
            else lost.Enqueue(target);
        }

        while (candidates.Count < CandidatesOfLink * capacity && lost.TryDequeue(out int from))
        {
            foreach (int target in Links(from, level))
            {
                if (!met.Add(target)) continue;
                if (Stays(target)) candidates.Add(target);
                else lost.Enqueue(target);
            }
        }

        foreach (int near in kept)
        {
            if (candidates.Count >= NearCandidatesOfLink * capacity) break;
            foreach (int target in Links(near, level))
            {
                if (met.Add(target) && Stays(target)) candidates.Add(target);
            }
        }

        return [.. candidates];
    }

    private int[] Links(int slot, int level)
    {
        int[] links = new int[nodes.CountLinks(slot, level)];
        nodes.CopyLinks(slot, level, links);
        return links;
    }
}
