// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>For every slot the slots that have a link to it, once for each layer they have it on.</summary>
/// <remarks>
/// Needed to remove entries, so it is made at the first removal and kept from then on. Several threads may add and
/// remove at once; the order within a list then differs from run to run and means nothing.
/// </remarks>
internal sealed unsafe class IncomingLinks
{
    private const int FirstCapacity = 8;

    private Sources[] _lists = [];

    public IncomingLinks(GraphNodes nodes)
    {
        Reserve(nodes.Capacity);
        for (int slot = 0; slot < nodes.End; slot++)
        {
            if (nodes.Node(slot).Died != GraphNode.Never) continue;
            for (int level = 0; level <= nodes.Node(slot).Level; level++)
            {
                int* links = nodes.Links(slot, level);
                int count = nodes.CountLinks(slot, level);
                for (int place = 0; place < count; place++) Add(links[place] - 1, slot);
            }
        }
    }

    ~IncomingLinks()
    {
        foreach (ref Sources list in _lists.AsSpan()) NativeMemory.Free(list.Slots);
    }

    /// <summary>Makes room for slots below a number; no other thread adds or removes meanwhile.</summary>
    public void Reserve(int slots)
    {
        if (slots > _lists.Length) Array.Resize(ref _lists, slots);
    }

    /// <summary>Gives the slots with a link to a slot; no other thread adds or removes meanwhile.</summary>
    public ReadOnlySpan<int> Of(int slot) => new(_lists[slot].Slots, _lists[slot].Count);

    public void Add(int target, int source)
    {
        ref Sources list = ref _lists[target];
        list.Lock();
        if (list.Count == list.Capacity)
        {
            int capacity = Math.Max(FirstCapacity, 2 * list.Capacity);
            try
            {
                list.Slots = (int*)NativeMemory.Realloc(list.Slots, (nuint)capacity * sizeof(int));
            }
            catch
            {
                list.Unlock();
                throw;
            }

            list.Capacity = capacity;
        }

        list.Slots[list.Count++] = source;
        list.Unlock();
    }

    /// <summary>Removes one link, which must be there.</summary>
    public void Remove(int target, int source)
    {
        ref Sources list = ref _lists[target];
        list.Lock();
        int place = new ReadOnlySpan<int>(list.Slots, list.Count).IndexOf(source);
        list.Slots[place] = list.Slots[--list.Count];
        list.Unlock();
    }

    /// <summary>Gives a slot the links to another one and from it; its lists hold the latter already.</summary>
    public void Replace(GraphNodes nodes, int former, int slot)
    {
        for (int level = 0; level <= nodes.Node(slot).Level; level++)
        {
            int* links = nodes.Links(slot, level);
            int count = nodes.CountLinks(slot, level);
            for (int place = 0; place < count; place++)
            {
                Remove(links[place] - 1, former);
                Add(links[place] - 1, slot);
            }
        }

        foreach (int source in Of(former))
        {
            nodes.ReplaceLinks(source, former, slot);
            Add(slot, source);
        }

        Clear(former);
    }

    /// <summary>Forgets all links to a slot.</summary>
    public void Clear(int slot)
    {
        NativeMemory.Free(_lists[slot].Slots);
        _lists[slot] = default;
    }

    private struct Sources
    {
        public int* Slots;
        public int Count;
        public int Capacity;
        private int _gate;

        public void Lock()
        {
            if (Interlocked.CompareExchange(ref _gate, 1, 0) == 0) return;
            var wait = new SpinWait();
            do wait.SpinOnce();
            while (Interlocked.CompareExchange(ref _gate, 1, 0) != 0);
        }

        public void Unlock() => Volatile.Write(ref _gate, 0);
    }
}
