// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Links entries into the graph: the paper's Algorithm 1. One thread's; several work side by side.</summary>
internal sealed unsafe class GraphLinker
{
    private readonly GraphNodes _nodes;
    private readonly GraphEntrance _entrance;
    private readonly int _candidates;
    private readonly GraphWalk _walk;
    private readonly NeighborChoice _choice;
    private readonly int[] _former;
    private readonly int[]?[] _chosen = new int[]?[GraphLimits.HighestLevel + 1];
    private readonly int[] _chosenCounts = new int[GraphLimits.HighestLevel + 1];

    public GraphLinker(GraphNodes nodes, GraphEntrance entrance, int candidates)
    {
        _nodes = nodes;
        _entrance = entrance;
        _candidates = candidates;
        _walk = new GraphWalk(nodes);
        _choice = new NeighborChoice(nodes);
        _former = new int[nodes.CapacityOf(0) + 1];
    }

    /// <summary>Links an entry that has no links yet; the graph has an entrance.</summary>
    /// <param name="slot">Where the entry is.</param>
    /// <param name="incoming">Told of every link; null where it is not kept.</param>
    public void Link(int slot, IncomingLinks? incoming)
    {
        (int start, int startLevel) = _entrance.Place;
        int level = _nodes.Node(slot).Level;
        int top = Math.Min(level, startLevel);
        _walk.AimAt(slot);
        _walk.Start(_walk.Descend(start, startLevel, top), _candidates);
        for (int layer = top; layer >= 0; layer--)
        {
            if (layer < top) _walk.StartFromFound(_candidates);
            _walk.Search(layer);

            // Nobody knows the slot before it has all its own links, or a walk that comes upon it might go no farther.
            ReadOnlySpan<int> chosen = _choice.Choose(_walk.Found, _nodes.LinkCount);
            _nodes.SetLinks(slot, layer, chosen);
            Keep(layer, chosen);
        }

        // What was chosen, not what is linked: others that know the slot by now may have added themselves.
        for (int layer = top; layer >= 0; layer--) LinkBack(slot, layer, incoming);
        if (level > startLevel) _entrance.Raise(slot, level);
    }

    /// <summary>Replaces a list by what the heuristic chooses among slots.</summary>
    /// <param name="slot">Whose list it is.</param>
    /// <param name="layer">Its layer.</param>
    /// <param name="others">Slots to choose from, all different.</param>
    /// <param name="incoming">Told of every link; null where it is not kept.</param>
    /// <param name="kept">Slots that stay in the list in any case.</param>
    public void Relink(
        int slot, int layer, ReadOnlySpan<int> others, IncomingLinks? incoming, ReadOnlySpan<int> kept = default)
    {
        _walk.AimAt(slot);
        _walk.Rank(others);
        ReadOnlySpan<int> chosen = _choice.Choose(_walk.Found, _nodes.CapacityOf(layer), kept);
        if (incoming != null)
        {
            ReadOnlySpan<int> former = _former.AsSpan(0, _nodes.CopyLinks(slot, layer, _former));
            foreach (int target in former)
            {
                if (!chosen.Contains(target)) incoming.Remove(target, slot);
            }

            foreach (int target in chosen)
            {
                if (!former.Contains(target)) incoming.Add(target, slot);
            }
        }

        _nodes.SetLinks(slot, layer, chosen);
    }

    /// <summary>Makes links to an entry that none leads to on the lowest layer.</summary>
    public void Attach(int slot, IncomingLinks incoming)
    {
        (int start, int level) = _entrance.Place;
        _walk.AimAt(slot);
        _walk.Start(_walk.Descend(start, level, 0), _candidates);
        _walk.Search(0);
        Span<int> nearest = stackalloc int[2 * GraphLimits.LargestLinkCount];
        int count = 0;
        for (int place = 0; place < _walk.Found.Count && count < _nodes.CapacityOf(0); place++)
        {
            if (_walk.Found.SlotAt(place) != slot) nearest[count++] = _walk.Found.SlotAt(place);
        }

        if (count == 0) return;
        int neighbor = nearest[0];
        Relink(slot, 0, nearest[..count], incoming);
        foreach (int target in nearest[.._nodes.CopyLinks(slot, 0, nearest)]) AddLink(target, slot, 0, incoming);
        if (incoming.Of(slot).IsEmpty) ReplaceLast(neighbor, slot, incoming);
    }

    /// <summary>Gives an entry's last link to another one.</summary>
    private void ReplaceLast(int source, int target, IncomingLinks incoming)
    {
        int last = _nodes.CountLinks(source, 0) - 1;
        incoming.Remove(_nodes.Links(source, 0)[last] - 1, source);
        _nodes.AddLink(source, 0, last, target);
        incoming.Add(target, source);
    }

    private void Keep(int layer, ReadOnlySpan<int> chosen)
    {
        _chosen[layer] ??= new int[_nodes.LinkCount];
        chosen.CopyTo(_chosen[layer]);
        _chosenCounts[layer] = chosen.Length;
    }

    private void LinkBack(int slot, int layer, IncomingLinks? incoming)
    {
        foreach (int target in _chosen[layer].AsSpan(0, _chosenCounts[layer]))
        {
            incoming?.Add(target, slot);
            ref GraphNode node = ref _nodes.Node(target);
            node.Lock();
            AddLink(target, slot, layer, incoming);
            node.Unlock();
        }
    }

    private void AddLink(int source, int target, int layer, IncomingLinks? incoming)
    {
        int count = _nodes.CountLinks(source, layer);
        if (count < _nodes.CapacityOf(layer))
        {
            _nodes.AddLink(source, layer, count, target);
            incoming?.Add(target, source);
            return;
        }

        Span<int> others = stackalloc int[(2 * GraphLimits.LargestLinkCount) + 1];
        _nodes.CopyLinks(source, layer, others);
        others[count] = target;
        Relink(source, layer, others[..(count + 1)], incoming);
    }
}
