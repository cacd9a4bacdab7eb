// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed unsafe partial class GraphIndex
{
    private const int LeastWorkOfThread = 8;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        Check.Length(vectors.Length, (long)ids.Length * Dimension, nameof(vectors), $"[{ids.Length}, {Dimension}]");
        Check.Finite(vectors, Dimension, nameof(vectors));

        fixed (float* first = vectors)
        {
            nint[] rows = new nint[ids.Length];
            for (int row = 0; row < rows.Length; row++) rows[row] = (nint)(first + ((nint)row * Dimension));
            AddRows(ids, rows);
        }
    }

    /// <summary>Adds vectors by their addresses; they are finite, and where they are borrowed they stay.</summary>
    internal void AddRows(ReadOnlySpan<long> ids, ReadOnlySpan<nint> rows)
    {
        lock (_gate)
        {
            CheckFree(ids);
            if (ids.IsEmpty) return;
            Reclaim();
            int[] slots = TakeSlots(ids.Length);
            if (_slots.Count < RowCentre.LeastCount && _slots.Count + ids.Length >= RowCentre.LeastCount)
                _nodes.Recode(CentreOf([.. LiveSlots().Select(slot => (nint)_nodes.Row(slot)), .. rows]));
            GraphState state = _readers.Current;
            int untrusted = state.Untrusted;
            var linked = new List<int>(slots.Length);
            for (int row = 0; row < slots.Length; row++)
            {
                var vector = (float*)rows[row];
                int slot = slots[row];
                _nodes.PutRow(slot, vector);
                int first = _copies.FirstOf(slot);
                var node = new GraphNode
                {
                    Id = ids[row],
                    Sequence = _nextSequence++,
                    Born = state.Version + 1,
                    Died = GraphNode.Never,
                    Level = first < 0 ? DrawLevel() : GraphNode.Copy,
                    Untrusted = IsTrusted(vector) ? 0 : 1,
                };
                _nodes.Put(slot, node);
                _slots.Add(ids[row], slot);
                untrusted += node.Untrusted;
                if (first < 0) linked.Add(slot);
                else _copies.Append(first, slot);
            }

            int[] fresh = [.. linked];
            LinkAll(fresh);
            Publish(_slots.Count, untrusted, GraphStarts.Find(_nodes, _linked, state.Starts, fresh));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An id is named twice; nothing is removed.</exception>
    public void Remove(ReadOnlySpan<long> ids)
    {
        lock (_gate)
        {
            int[] removed = FindSlots(ids);
            if (removed.Length == 0) return;
            _incoming ??= new IncomingLinks(_nodes);
            GraphState state = _readers.Current;
            int untrusted = state.Untrusted;
            foreach (int slot in removed)
            {
                ref GraphNode node = ref _nodes.Node(slot);
                untrusted -= node.Untrusted;
                Volatile.Write(ref node.Died, state.Version + 1);
                _slots.Remove(node.Id);
            }

            Unlink(Leaving(removed, _incoming), _incoming);
            Publish(_slots.Count, untrusted, GraphStarts.Find(_nodes, _linked, state.Starts, added: []));
            foreach (int slot in removed) _retired.Enqueue((slot, state.Version + 1));
            Reclaim();
        }
    }

    /// <summary>Sets the number of candidates of searches to come; nobody else has the index yet.</summary>
    internal void Widen(int candidates) => Settings = Settings with { SearchCandidateCount = candidates };

    /// <summary>Lets go of what removing needs, until something is removed again.</summary>
    internal void ForgetIncoming()
    {
        lock (_gate) _incoming = null;
    }

    private void CheckFree(ReadOnlySpan<long> ids)
    {
        var named = new HashSet<long>(ids.Length);
        for (int row = 0; row < ids.Length; row++)
        {
            if (!named.Add(ids[row]) || _slots.ContainsKey(ids[row]))
                throw new ArgumentException(
                    $"ids must be free and differ. Got {ids[row]} again in row {row}.", nameof(ids));
        }
    }

    private int[] FindSlots(ReadOnlySpan<long> ids)
    {
        var named = new HashSet<long>(ids.Length);
        int[] slots = new int[ids.Length];
        for (int row = 0; row < ids.Length; row++)
        {
            long id = ids[row];
            if (!_slots.TryGetValue(id, out slots[row]))
                throw new KeyNotFoundException($"ids must be stored. Got {id}, which is not. Nothing was removed.");
            if (!named.Add(id))
                throw new ArgumentException($"ids must differ. Got {id} twice. Nothing was removed.", nameof(ids));
        }

        return slots;
    }

    /// <summary>Takes free slots, those last freed first, then new ones; makes all the room that is needed.</summary>
    private int[] TakeSlots(int count)
    {
        int reused = Math.Min(count, _free.Count);
        long end = (long)_nodes.End + count - reused;
        if (end > GraphLimits.LargestSlotCount)
            throw new ArgumentException(
                $"An index must have at most {GraphLimits.LargestSlotCount} entries. Got {end}.", "ids");
        _slots.EnsureCapacity(_slots.Count + count);
        _nodes.Reserve((int)end);
        _incoming?.Reserve(_nodes.Capacity);
        int[] slots = new int[count];
        for (int row = 0; row < count; row++) slots[row] = row < reused ? _free.Pop() : _nodes.End + row - reused;
        return slots;
    }

    /// <summary>Gives what vectors had better be relative to in codes, and as they are linked; null is the origin.
    /// </summary>
    private RowCentre? CentreOf(ReadOnlySpan<nint> rows)
    {
        bool isOrigin = _nodes.Codec.IsExact && Metric != Metric.InnerProduct;
        return isOrigin || rows.Length < RowCentre.LeastCount ? null : RowCentre.Choose(Metric, Dimension, rows);
    }

    private int DrawLevel()
    {
        double uniform = 1 - _random.NextDouble(); // in (0, 1]
        return (int)(-Math.Log(uniform) / Math.Log(Settings.LinkCount));
    }

    private bool IsTrusted(float* vector) =>
        Metric == Metric.Cosine // codes have length 1
        || RowTerm.IsTrusted(Metric, PairDistance.SquaredNorm(vector, Dimension));

    private void LinkAll(int[] slots)
    {
        int linked = _linked;
        int next = 0;
        _linked += slots.Length;
        if (slots.Length == 0) return;
        if (linked == 0) _entrance.Set(slots[next], _nodes.Node(slots[next++]).Level);
        var batch = new GraphBatch(_nodes, _incoming);
        while (next < slots.Length)
        {
            int[] these = slots[next..Math.Min(slots.Length, next + GraphBatch.SizeAfter(linked + next))];
            batch.Open(these);
            Each(these.Length, batch.Choose);
            Each(batch.Gather(), batch.LinkBack);
            foreach (int slot in these) _entrance.Raise(slot, _nodes.Node(slot).Level);
            next += these.Length;
        }
    }

    /// <summary>Gives those of removed entries that leave the graph without a copy to take their place.</summary>
    private int[] Leaving(int[] removed, IncomingLinks incoming)
    {
        var leaving = new List<int>();
        foreach (int slot in removed)
        {
            if (_nodes.Node(slot).Level == GraphNode.Copy) _copies.Cut(slot);
        }

        foreach (int slot in removed)
        {
            if (_nodes.Node(slot).Level == GraphNode.Copy) continue;
            int heir = _copies.Succeed(slot, incoming);
            if (heir < 0) leaving.Add(slot);
            else if (_entrance.Place.Slot == slot) _entrance.Set(heir, _nodes.Node(heir).Level);
        }

        return [.. leaving];
    }

    private void Unlink(int[] removed, IncomingLinks incoming)
    {
        if (removed.Length == 0) return;
        _linked -= removed.Length;
        var repair = new GraphRepair(_nodes, incoming);
        repair.FindAffected(removed);
        Each(repair.Count, repair.Choose);
        Each(repair.Replace(), repair.LinkBack);
        int[] orphans = repair.Detach(removed);
        if (_nodes.Node(_entrance.Place.Slot).Died != GraphNode.Never) FindEntrance();
        foreach (int slot in orphans) WithLinker(linker => linker.Attach(slot, incoming));
    }

    private void FindEntrance()
    {
        int best = -1;
        int level = -1;
        for (int slot = 0; slot < _nodes.End; slot++)
        {
            ref GraphNode node = ref _nodes.Node(slot);
            if (node.Died != GraphNode.Never || node.Level <= level) continue;
            best = slot;
            level = node.Level;
        }

        _entrance.Set(best, level);
    }

    /// <summary>Works on places 0 to count, on several threads where it pays.</summary>
    private void Each(int count, Action<int, GraphLinker> work)
    {
        int workers = Math.Min(ThreadCount, count / LeastWorkOfThread);
        int next = 0;
        if (workers <= 1) WithLinker(Work);
        else
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = workers };
            Parallel.For(0, workers, options, _ => WithLinker(Work));
        }

        void Work(GraphLinker linker)
        {
            for (int place; (place = Interlocked.Increment(ref next) - 1) < count;) work(place, linker);
        }
    }

    private void WithLinker(Action<GraphLinker> work)
    {
        if (!_linkers.TryTake(out GraphLinker? linker))
            linker = new GraphLinker(_nodes, _entrance, Settings.BuildCandidateCount);
        work(linker);
        _linkers.Add(linker);
    }

    private void Publish(int count, int untrusted, int[] starts)
    {
        (int entry, int level) = _entrance.Place;
        _readers.Publish(
            new GraphState(_readers.Current.Version + 1, count, _linked, untrusted, entry, level, starts, _nodes.End));
    }

    /// <summary>Overwrites removed entries that no search can look at any more, and frees their slots.</summary>
    private void Reclaim()
    {
        if (_retired.Count == 0) return;
        long oldest = _readers.OldestVersion();
        while (_retired.TryPeek(out (int Slot, long Version) retired) && retired.Version <= oldest)
        {
            _retired.Dequeue();
            _nodes.Forget(retired.Slot);
            _free.Push(retired.Slot);
        }
    }
}
