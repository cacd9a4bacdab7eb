// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>The k rows nearest so far by (distance, position), as a heap with the farthest one on top.</summary>
internal unsafe struct NearestHeap(NearestHeap.Entry* entries, int capacity)
{
    public int Count;

    /// <summary>True when k rows are held, so that a new one has to be nearer than <see cref="Farthest"/>.</summary>
    public readonly bool IsFull => Count == capacity;

    /// <summary>The farthest row held; there must be one.</summary>
    public readonly Entry Farthest => entries[0];

    /// <summary>Takes the row in if it is among the k nearest so far.</summary>
    public void Offer(double distance, int position)
    {
        var entry = new Entry(distance, position);
        if (!IsFull) SiftUp(Count++, entry);
        else if (Comes(entry, entries[0])) SiftDown(0, Count, entry);
    }

    /// <summary>Orders the entries nearest first; no row can be offered any more.</summary>
    public readonly void Sort()
    {
        for (int end = Count - 1; end > 0; end--)
        {
            Entry last = entries[end];
            entries[end] = entries[0];
            SiftDown(0, end, last);
        }
    }

    /// <summary>Gives an entry, after <see cref="Sort"/> the nearest first.</summary>
    public readonly Entry this[int place] => entries[place];

    private readonly void SiftUp(int place, Entry entry)
    {
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (!Comes(entries[parent], entry)) break;
            entries[place] = entries[parent];
            place = parent;
        }

        entries[place] = entry;
    }

    private readonly void SiftDown(int place, int count, Entry entry)
    {
        while (true)
        {
            int child = 2 * place + 1;
            if (child >= count) break;
            if (child + 1 < count && Comes(entries[child], entries[child + 1])) child++;
            if (!Comes(entry, entries[child])) break;
            entries[place] = entries[child];
            place = child;
        }

        entries[place] = entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Comes(Entry a, Entry b) =>
        a.Distance < b.Distance || (a.Distance == b.Distance && a.Position < b.Position);

    /// <summary>One row held: its distance and its place in the snapshot.</summary>
    internal readonly struct Entry(double distance, int position)
    {
        public readonly double Distance = distance;
        public readonly int Position = position;
    }
}
