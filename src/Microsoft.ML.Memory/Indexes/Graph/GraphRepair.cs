// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Takes entries out of the graph: whoever had a link to one chooses anew among near entries.</summary>
/// <remarks>
/// <para>Each list that loses links keeps the others and is filled up, by the heuristic, to as many as it had or a new
/// entry gets: from entries with a link to or from those it loses (where these are removed as well, to or from theirs,
/// and so on), and from near ones that a few steps meet. All lists are chosen before the first is changed, so the
/// result does not depend on the number of threads.</para>
/// <para>Those newly linked to link back, as they do to entries that are added. Without that every removal would leave
/// fewer links that lead both ways, and walks would find less.</para>
/// </remarks>
internal sealed unsafe class GraphRepair(GraphNodes nodes, IncomingLinks incoming)
{
    private const int CandidatesOfLink = 8;

    private readonly List<(int Layer, int Target, int Source)> _links = [];
    private readonly List<int> _targets = [];
    private int[] _affected = [];
    private int[]?[][] _lists = [];

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
        _lists = new int[]?[_affected.Length][];
    }

    /// <summary>Number of entries with a link to one that goes.</summary>
    public int Count => _affected.Length;

    /// <summary>First step, for each of them: chooses anew the lists that lose links; changes nothing.</summary>
    public void Choose(int place, GraphLinker linker)
    {
        int slot = _affected[place];
        var lists = new int[]?[nodes.Node(slot).Level + 1];
        Span<int> kept = stackalloc int[2 * GraphLimits.LargestLinkCount];
        for (int level = 0; level < lists.Length; level++)
        {
            int count = nodes.CopyLinks(slot, level, kept);
            int keptCount = 0;
            for (int link = 0; link < count; link++)
            {
                if (Stays(kept[link])) kept[keptCount++] = kept[link];
            }

            if (keptCount == count) continue;
            int most = Math.Max(count, nodes.LinkCount);
            int[] candidates = Candidates(slot, level);
            lists[level] = linker.Refill(slot, level, candidates, kept[..keptCount], most).ToArray();
        }

        _lists[place] = lists;
    }

    /// <summary>Between the steps: replaces the lists, and sorts out whom new links lead to, one way only.</summary>
    /// <returns>Number of lists to be linked back.</returns>
    public int Replace()
    {
        for (int place = 0; place < _affected.Length; place++)
        {
            for (int level = 0; level < _lists[place].Length; level++)
            {
                if (_lists[place][level] is { } list) Replace(_affected[place], level, list);
            }
        }

        _links.RemoveAll(link => Links(link.Target, link.Layer).Contains(link.Source));
        _links.Sort();
        for (int i = 0; i < _links.Count; i++)
        {
            if (i == 0 || !AreOfOneList(i - 1, i)) _targets.Add(i);
        }

        return _targets.Count;
    }

    /// <summary>Second step, for each list: the links back.</summary>
    public void LinkBack(int list, GraphLinker linker)
    {
        int first = _targets[list];
        int end = list + 1 < _targets.Count ? _targets[list + 1] : _links.Count;
        int[] sources = new int[end - first];
        for (int i = first; i < end; i++) sources[i - first] = _links[i].Source;
        linker.LinkBack(_links[first].Target, _links[first].Layer, sources, incoming);
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

    private bool AreOfOneList(int one, int other) =>
        _links[one].Layer == _links[other].Layer && _links[one].Target == _links[other].Target;

    private void Replace(int slot, int level, int[] list)
    {
        int[] former = Links(slot, level);
        foreach (int target in list)
        {
            if (former.Contains(target)) continue;
            incoming.Add(target, slot);
            _links.Add((level, target, slot));
        }

        nodes.SetLinks(slot, level, list);
    }

    private int[] Candidates(int slot, int level)
    {
        int most = CandidatesOfLink * nodes.CapacityOf(level);
        var met = new HashSet<int> { slot };
        var candidates = new List<int>();
        var lost = new Queue<int>();
        foreach (int target in Links(slot, level))
        {
            met.Add(target);
            if (!Stays(target)) lost.Enqueue(target);
        }

        while (candidates.Count < most && lost.TryDequeue(out int from))
        {
            foreach (int target in Links(from, level))
            {
                if (!met.Add(target)) continue;
                if (Stays(target)) candidates.Add(target);
                else lost.Enqueue(target);
            }

            if (incoming.Of(from).Length > most) continue; // each of so many would compare with all of them
            foreach (int source in incoming.Of(from))
            {
                if (Stays(source) && nodes.Node(source).Level >= level && met.Add(source)) candidates.Add(source);
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
