// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Memory;

/// <summary>Entries that have the vector of another one: they stay outside the graph and hang on that entry.</summary>
/// <remarks>
/// <para>Equal entries lead nowhere but to each other, so a graph of many would catch every walk that comes near. The
/// first of them is in the graph; the others, its copies, follow it in a list, in the order that equal entries are
/// ranked in (<see cref="GraphNodes.OrderOf"/>). When the first goes, the next takes its place with all links.</para>
/// <para>One thread changes lists. Searches follow them meanwhile: an entry that goes keeps its next one until no
/// search can look at it any more.</para>
/// </remarks>
internal sealed unsafe class GraphCopies(GraphNodes nodes)
{
    private HashSet<int>? _firsts;

    /// <summary>Gives the entry in the graph that has the vector of a new one; -1 where the new one is first.</summary>
    public int FirstOf(int slot)
    {
        _firsts ??= FindFirsts();
        return _firsts.Add(slot) || !_firsts.TryGetValue(slot, out int first) ? -1 : first;
    }

    /// <summary>
    /// Hangs an entry outside the graph on the one that has its vector, in its place among the copies: behind all,
    /// which costs nothing, but for entries that were linked later than others added after them.
    /// </summary>
    public void Append(int first, int slot)
    {
        ref GraphNode node = ref nodes.Node(first);
        int before = node.Next == 0 ? first : node.Previous - 1;
        while (before != first && nodes.OrderOf(before) > nodes.OrderOf(slot)) before = nodes.Node(before).Previous - 1;
        int next = nodes.Node(before).Next;
        nodes.Node(slot).Next = next > 0 ? next : -(first + 1);
        nodes.Node(slot).Previous = before + 1;
        nodes.Node(next > 0 ? next - 1 : first).Previous = slot + 1;
        Volatile.Write(ref nodes.Node(before).Next, slot + 1);
    }

    /// <summary>Hangs on an entry of the graph the copies that it has among other nodes.</summary>
    /// <param name="from">The other nodes.</param>
    /// <param name="first">The entry's slot there.</param>
    /// <param name="numbers">The slot here of each slot there.</param>
    public void AppendAll(GraphNodes from, int first, int[] numbers)
    {
        for (int copy = from.NextCopy(first); copy >= 0; copy = from.NextCopy(copy))
            Append(numbers[first], numbers[copy]);
    }

    /// <summary>Takes a copy out of its list; it keeps its own place there for searches that look at it.</summary>
    public void Cut(int slot)
    {
        GraphNode node = nodes.Node(slot);
        int before = node.Previous - 1;
        int after = Math.Abs(node.Next) - 1;
        bool wasOnly = node.Next < 0 && after == before;
        nodes.Node(after).Previous = wasOnly ? 0 : node.Previous;
        Volatile.Write(ref nodes.Node(before).Next, wasOnly ? 0 : node.Next);
    }

    /// <summary>Puts the next copy into the place of an entry of the graph.</summary>
    /// <returns>The copy; -1 where there is none.</returns>
    public int Succeed(int slot, IncomingLinks incoming)
    {
        GraphNode node = nodes.Node(slot);
        int heir = node.Next - 1;
        if (_firsts is not null && _firsts.TryGetValue(slot, out int first) && first == slot)
        {
            _firsts.Remove(slot);
            if (heir >= 0) _firsts.Add(heir);
        }

        if (heir < 0) return -1;
        ref GraphNode next = ref nodes.Node(heir);
        bool isOnly = next.Next < 0;
        next.Previous = isOnly ? 0 : node.Previous;
        if (isOnly) Volatile.Write(ref next.Next, 0);
        else nodes.Node(node.Previous - 1).Next = -(heir + 1);
        nodes.TakePlace(heir, slot);
        incoming.Replace(nodes, slot, heir);
        return heir;
    }

    private HashSet<int> FindFirsts()
    {
        var firsts = new HashSet<int>(nodes.End, new SameVector(nodes));
        for (int slot = 0; slot < nodes.End; slot++)
        {
            if (nodes.Node(slot) is { Died: GraphNode.Never, Level: > GraphNode.Copy }) firsts.Add(slot);
        }

        return firsts;
    }

    /// <summary>Takes slots of the same vector to be the same.</summary>
    private sealed class SameVector(GraphNodes nodes) : IEqualityComparer<int>
    {
        public bool Equals(int one, int other) => nodes.HaveSameRow(one, other);

        public int GetHashCode([DisallowNull] int slot)
        {
            var hash = default(HashCode);
            foreach (float value in nodes.Values(slot)) hash.Add(value); // that of -0 is that of 0
            return hash.ToHashCode();
        }
    }
}
