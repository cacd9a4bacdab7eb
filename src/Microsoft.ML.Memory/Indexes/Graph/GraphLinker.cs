// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Links entries into the graph: the paper's Algorithm 1 in two steps. One thread's; several work side by side.
/// </summary>
internal sealed unsafe class GraphLinker
{
    private const int RefillCandidatesOfLink = 2;
    private const int LinksOfStep = 4;

    private readonly GraphNodes _nodes;
    private readonly GraphEntrance _entrance;
    private readonly int _candidates;
    private readonly GraphWalk _walk;
    private readonly NeighborChoice _choice;
    private readonly int[] _former;
    private readonly CandidatePool _none = new();
    private readonly CandidatePool _pool = new();
    private float[] _distances = [];
    private int[] _others = [];

    public GraphLinker(GraphNodes nodes, GraphEntrance entrance, int candidates)
    {
        _nodes = nodes;
        _entrance = entrance;
        _candidates = candidates;
        _walk = new GraphWalk(nodes);
        _choice = new NeighborChoice(nodes);
        _former = new int[nodes.CapacityOf(0) + 1];
    }

    /// <summary>Gives an entry its own links; the graph has an entrance, and nobody knows the entry yet.</summary>
    /// <param name="slot">Where the entry is.</param>
    /// <param name="others">Slots of new entries that nobody knows yet either, to link to all the same.</param>
    public void Choose(int slot, ReadOnlySpan<int> others)
    {
        (int start, int startLevel) = _entrance.Place;
        int level = _nodes.Node(slot).Level;
        int top = Math.Min(level, startLevel);
        _walk.AimAt(slot);
        if (_distances.Length < others.Length) _distances = new float[others.Length];
        _walk.Measure(others, _distances);
        _walk.Start(_walk.Descend(start, startLevel, top), _candidates);
        for (int layer = level; layer >= 0; layer--)
        {
            if (layer <= top)
            {
                if (layer < top) _walk.StartFromFound(_candidates);
                _walk.Search(layer);
            }

            CandidatePool candidates = layer <= top ? _walk.Found : _none;
            _nodes.SetLinks(slot, layer, _choice.Choose(With(candidates, others, layer), _nodes.LinkCount, _walk.Blur));
        }
    }

    /// <summary>Links an entry to those that have chosen it, as far as there is room or the heuristic agrees.</summary>
    /// <param name="slot">Where the entry is.</param>
    /// <param name="layer">The layer of the links.</param>
    /// <param name="sources">Slots that have a link to it now, which it has no link to.</param>
    /// <param name="incoming">Told of every link back; null where it is not kept.</param>
    public void LinkBack(int slot, int layer, ReadOnlySpan<int> sources, IncomingLinks? incoming)
    {
        int count = _nodes.CountLinks(slot, layer);
        if (count + sources.Length <= _nodes.CapacityOf(layer))
        {
            foreach (int source in sources)
            {
                _nodes.AddLink(slot, layer, count++, source);
                incoming?.Add(source, slot);
            }

            return;
        }

        if (_others.Length < count + sources.Length) _others = new int[2 * (count + sources.Length)];
        _nodes.CopyLinks(slot, layer, _others);
        sources.CopyTo(_others.AsSpan(count));
        Relink(slot, layer, _others.AsSpan(0, count + sources.Length), incoming);
    }

    /// <summary>Chooses links for a list that loses some, also from near entries met in few steps.</summary>
    /// <remarks>Changes nothing; entries that go are walked through and not chosen.</remarks>
    /// <param name="slot">Whose list it is.</param>
    /// <param name="layer">Its layer.</param>
    /// <param name="others">Slots to choose from, all different, none of them in the list.</param>
    /// <param name="kept">Slots that stay in the list.</param>
    /// <param name="most">Number of links at most.</param>
    /// <returns>The slots kept, then those chosen, nearest first, until the next choice.</returns>
    public ReadOnlySpan<int> Refill(
        int slot, int layer, ReadOnlySpan<int> others, ReadOnlySpan<int> kept, int most)
    {
        int capacity = _nodes.CapacityOf(layer);
        _walk.AimAt(slot);
        _walk.Start(slot, RefillCandidatesOfLink * capacity);
        _walk.Take(others);
        _walk.Search(layer, Math.Max(1, capacity / LinksOfStep));
        CandidatePool found = _walk.Found;
        _pool.Open(found.Count);
        for (int place = 0; place < found.Count; place++)
        {
            int other = found.SlotAt(place);
            if (other == slot || _nodes.Node(other).Died != GraphNode.Never || kept.Contains(other)) continue;
            _pool.Offer(found.DistanceAt(place), other);
        }

        return _choice.Choose(_pool, most, _walk.Blur, kept);
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
        foreach (int target in nearest[.._nodes.CopyLinks(slot, 0, nearest)]) LinkBack(target, 0, [slot], incoming);
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

    /// <summary>Replaces a list by what the heuristic chooses among slots, all different.</summary>
    private void Relink(int slot, int layer, ReadOnlySpan<int> others, IncomingLinks? incoming)
    {
        _walk.AimAt(slot);
        _walk.Rank(others);
        ReadOnlySpan<int> chosen = _choice.Choose(_walk.Found, _nodes.CapacityOf(layer), _walk.Blur);
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

    /// <summary>Adds to the candidates found those of a batch that reach a layer.</summary>
    private CandidatePool With(CandidatePool found, ReadOnlySpan<int> others, int layer)
    {
        if (others.IsEmpty) return found;
        _pool.Open(_candidates);
        for (int place = 0; place < found.Count; place++) _pool.Offer(found.DistanceAt(place), found.SlotAt(place));
        for (int place = 0; place < others.Length; place++)
        {
            if (_nodes.Node(others[place]).Level >= layer) _pool.Offer(_distances[place], others[place]);
        }

        return _pool;
    }
}
