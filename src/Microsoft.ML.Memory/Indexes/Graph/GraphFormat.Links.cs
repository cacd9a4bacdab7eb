// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

internal static unsafe partial class GraphFormat
{
    private static IEnumerable<ushort> CountsOf(GraphNodes nodes, int slot)
    {
        if (nodes.Node(slot).Level == GraphNode.Copy) yield return 1;
        for (int level = 0; level <= nodes.Node(slot).Level; level++)
            yield return (ushort)nodes.CountLinks(slot, level);
    }

    /// <summary>Gives the entry of the graph on which each copy hangs, by slot.</summary>
    private static int[] FirstsOf(GraphNodes nodes, int[] slots)
    {
        int[] firsts = new int[nodes.End];
        foreach (int slot in slots)
        {
            if (nodes.Node(slot).Level == GraphNode.Copy) continue;
            for (int copy = nodes.NextCopy(slot); copy >= 0; copy = nodes.NextCopy(copy)) firsts[copy] = slot;
        }

        return firsts;
    }

    private static int CopyLinks(GraphNodes nodes, int slot, int[] firsts, int[] numbers, Span<int> links)
    {
        int count = 0;
        if (nodes.Node(slot).Level == GraphNode.Copy) links[count++] = firsts[slot];
        for (int level = 0; level <= nodes.Node(slot).Level; level++)
            count += nodes.CopyLinks(slot, level, links[count..]);
        foreach (ref int link in links[..count]) link = numbers[link];
        return count;
    }

    private static int ListsOf(byte level) => level == CopyLevel ? 1 : level + 1;

    private static void ReadLinks(SectionReader reader, GraphNodes nodes, byte[] levels)
    {
        ushort[] counts = reader.ReadAll<ushort>("link-counts");
        long lists = levels.Sum(level => (long)ListsOf(level));
        if (counts.Length != lists) throw reader.Error($"must hold {lists} values", $"{counts.Length}");
        long expected = counts.Sum(count => (long)count) * sizeof(int);
        RequireCounts(reader, nodes, levels, counts);
        long length = reader.Begin("links");
        if (length != expected) throw reader.Error($"must hold {expected} bytes", $"{length}");
        int[] links = new int[nodes.CapacityOf(0)];
        var copies = new SortedDictionary<long, (int First, int Slot)>();
        var seen = new HashSet<int>();
        int list = 0;
        for (int slot = 0; slot < levels.Length; slot++)
        {
            for (int level = 0; level < ListsOf(levels[slot]); level++)
            {
                Span<int> these = links.AsSpan(0, counts[list++]);
                reader.Read(MemoryMarshal.AsBytes(these));
                if (levels[slot] == CopyLevel)
                {
                    RequireFirst(reader, nodes, slot, these[0], levels);
                    copies.Add(nodes.OrderOf(slot), (these[0], slot));
                    continue;
                }

                RequireLinks(reader, these, slot, level, levels, seen);
                nodes.SetLinks(slot, level, these);
            }
        }

        reader.End();
        var chains = new GraphCopies(nodes);
        foreach ((int first, int slot) in copies.Values) chains.Append(first, slot);
    }

    private static void RequireCounts(SectionReader reader, GraphNodes nodes, byte[] levels, ushort[] counts)
    {
        int list = 0;
        foreach (byte highest in levels)
        {
            if (highest == CopyLevel && counts[list] != 1) throw reader.Error("must be 1 of a copy", $"{counts[list]}");
            for (int level = 0; level < ListsOf(highest); level++)
            {
                ushort count = counts[list++];
                if (count > nodes.CapacityOf(level))
                    throw reader.Error($"must be at most {nodes.CapacityOf(level)} on layer {level}", $"{count}");
            }
        }
    }

    private static void RequireFirst(SectionReader reader, GraphNodes nodes, int slot, int first, byte[] levels)
    {
        if ((uint)first >= (uint)levels.Length || levels[first] == CopyLevel)
            throw reader.Error("must lead from a copy to an entry of the graph", $"{first}");
        if (!nodes.HaveSameRow(first, slot))
            throw reader.Error("must lead from a copy to an entry of its vector", $"{first}");
    }

    private static void RequireLinks(
        SectionReader reader, ReadOnlySpan<int> links, int slot, int level, byte[] levels, HashSet<int> seen)
    {
        seen.Clear();
        foreach (int link in links)
        {
            if ((uint)link >= (uint)levels.Length)
                throw reader.Error($"must lead to entries in [0, {levels.Length})", $"{link}");
            if (link == slot) throw reader.Error("must lead to other entries", $"{link} of itself");
            if (levels[link] == CopyLevel) throw reader.Error("must lead to entries of the graph", $"{link}, a copy");
            if (levels[link] < level)
                throw reader.Error($"must lead to entries of their layer, {level}", $"{link} of level {levels[link]}");
            if (!seen.Add(link)) throw reader.Error("must differ within a list", $"{link} twice");
        }
    }
}
