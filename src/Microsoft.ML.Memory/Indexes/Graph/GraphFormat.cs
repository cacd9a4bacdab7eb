// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>
/// Writes and reads the sections of a graph: its fields, then ids, sequences, levels, vectors, lengths of lists, links.
/// </summary>
/// <remarks>Entries are numbered without gaps in the order of their slots, and links name these numbers.</remarks>
internal static unsafe class GraphFormat
{
    private const int MostLevelsOfEntry = 4; // on average; the smallest M gives 1
    private const int SpareLevels = 64;

    public static void Write(SectionWriter writer, GraphFile file, GraphNodes nodes, int[] slots)
    {
        int[] numbers = new int[nodes.End];
        for (int number = 0; number < slots.Length; number++) numbers[slots[number]] = number;
        writer.Write("graph", fields => WriteHead(fields, file, nodes.Codec, slots.Length, numbers));
        writer.Write("ids", Array.ConvertAll(slots, slot => nodes.Node(slot).Id));
        writer.Write("sequences", Array.ConvertAll(slots, slot => nodes.Node(slot).Sequence));
        writer.Write("levels", Array.ConvertAll(slots, slot => (byte)nodes.Node(slot).Level));
        if (!nodes.BorrowsRows) WriteRows(writer, nodes, slots);
        ushort[] counts = [.. slots.SelectMany(slot => CountsOf(nodes, slot))];
        writer.Write("link-counts", counts);
        int[] links = new int[nodes.CapacityOf(0) + (GraphLimits.HighestLevel * nodes.LinkCount)];
        writer.Write(
            "links",
            counts.Sum(count => (long)count) * sizeof(int),
            slots.Length,
            number => MemoryMarshal.AsBytes(links.AsSpan(0, CopyLinks(nodes, slots[number], numbers, links))));
    }

    /// <exception cref="InvalidDataException">The content breaks a rule.</exception>
    public static (GraphHead Head, GraphFile File) ReadHead(SectionReader reader)
    {
        (GraphHead head, GraphFile file) = reader.Read("graph", ReadHead);
        if (head.Dimension is < 1 or > MemoryBank.LargestDimension)
            throw reader.Error($"must have a dimension in [1, {MemoryBank.LargestDimension}]", $"{head.Dimension}");
        if (file.Settings.Encoding == VectorEncoding.SignedByte && head.Dimension > GraphLimits.LongestSignedByteRow)
            throw reader.Error(
                $"must have a dimension of at most {GraphLimits.LongestSignedByteRow} for 8-bit codes",
                $"{head.Dimension}");
        if (!Enum.IsDefined(head.Metric)) throw reader.Error("must have a known metric", $"{(int)head.Metric}");
        if (head.Count is < 0 or > GraphLimits.LargestSlotCount)
            throw reader.Error(
                $"must have a number of entries in [0, {GraphLimits.LargestSlotCount}]", $"{head.Count}");
        const long LargestSequence = long.MaxValue - GraphLimits.LargestSlotCount;
        if (file.NextSequence is < 0 or > LargestSequence)
            throw reader.Error($"must have a next sequence number in [0, {LargestSequence}]", $"{file.NextSequence}");
        if (head.Count == 0 ? file.Entry != -1 : (uint)file.Entry >= (uint)head.Count)
            throw reader.Error("must start walks at one of its entries", $"{file.Entry}");
        return (head, file);
    }

    /// <exception cref="InvalidDataException">The content breaks a rule.</exception>
    public static void ReadEntries(
        SectionReader reader, GraphHead head, GraphFile file, GraphNodes nodes, Func<long, nint>? rowOf)
    {
        long[] ids = reader.ReadAll<long>("ids", head.Count);
        RequireDifferent(reader, ids);
        long[] sequences = reader.ReadAll<long>("sequences", head.Count);
        RequireDifferent(reader, sequences);
        int wrong = Array.FindIndex(sequences, sequence => sequence < 0 || sequence >= file.NextSequence);
        if (wrong >= 0) throw reader.Error($"must be in [0, {file.NextSequence})", $"{sequences[wrong]}");
        byte[] levels = reader.ReadAll<byte>("levels", head.Count);
        RequireLevels(reader, levels, file.Entry);
        if (rowOf is null) ReadRows(reader, head, nodes, Put);
        else BorrowRows(reader, ids, nodes, Put, rowOf);
        ReadLinks(reader, nodes, levels);

        void Put(int slot)
        {
            nodes.Reserve(slot + 1);
            nodes.Put(
                slot,
                new GraphNode
                {
                    Id = ids[slot],
                    Sequence = sequences[slot],
                    Level = levels[slot],
                    Died = GraphNode.Never,
                });
        }
    }

    private static void WriteRows(SectionWriter writer, GraphNodes nodes, int[] slots)
    {
        int rowBytes = nodes.Codec.Dimension * sizeof(float);
        writer.Write(
            "vectors",
            (long)slots.Length * rowBytes,
            slots.Length,
            number => new ReadOnlySpan<byte>(nodes.Row(slots[number]), rowBytes));
    }

    private static void WriteHead(BinaryWriter fields, GraphFile file, RowCodec codec, int count, int[] numbers)
    {
        fields.Write(codec.Dimension);
        fields.Write((int)codec.Metric);
        fields.Write(count);
        IndexOptionsFormat.Write(fields, file.Settings);
        foreach (ulong number in file.RandomState) fields.Write(number);
        fields.Write(file.NextSequence);
        fields.Write(file.Entry < 0 ? -1 : numbers[file.Entry]);
    }

    private static (GraphHead Head, GraphFile File) ReadHead(BinaryReader fields)
    {
        var head = new GraphHead(fields.ReadInt32(), (Metric)fields.ReadInt32(), fields.ReadInt32());
        GraphSettings settings = IndexOptionsFormat.ReadGraph(fields);
        settings.Validate();
        ulong[] state = [fields.ReadUInt64(), fields.ReadUInt64(), fields.ReadUInt64(), fields.ReadUInt64()];
        _ = new SeededRandom(state); // refuses what is no state
        return (head, new GraphFile(settings, state, fields.ReadInt64(), fields.ReadInt32()));
    }

    private static IEnumerable<ushort> CountsOf(GraphNodes nodes, int slot)
    {
        for (int level = 0; level <= nodes.Node(slot).Level; level++)
            yield return (ushort)nodes.CountLinks(slot, level);
    }

    private static int CopyLinks(GraphNodes nodes, int slot, int[] numbers, Span<int> links)
    {
        int count = 0;
        for (int level = 0; level <= nodes.Node(slot).Level; level++)
            count += nodes.CopyLinks(slot, level, links[count..]);
        foreach (ref int link in links[..count]) link = numbers[link];
        return count;
    }

    private static void RequireDifferent(SectionReader reader, long[] values)
    {
        var seen = new HashSet<long>(values.Length);
        foreach (long value in values)
        {
            if (!seen.Add(value)) throw reader.Error("must differ", $"{value} twice");
        }
    }

    private static void RequireLevels(SectionReader reader, byte[] levels, int entry)
    {
        long sum = 0;
        foreach (byte level in levels)
        {
            if (level > GraphLimits.HighestLevel)
                throw reader.Error($"must be at most {GraphLimits.HighestLevel}", $"{level}");
            if (level > levels[entry]) throw reader.Error("must be highest where walks start", $"{level} elsewhere");
            sum += level;
        }

        // Each level costs memory for M links; no random numbers give so many.
        long most = ((long)MostLevelsOfEntry * levels.Length) + SpareLevels;
        if (sum > most) throw reader.Error($"must have a sum of at most {most}", $"{sum}");
    }

    private static void BorrowRows(
        SectionReader reader, long[] ids, GraphNodes nodes, Action<int> put, Func<long, nint> rowOf)
    {
        for (int slot = 0; slot < ids.Length; slot++)
        {
            nint row = rowOf(ids[slot]);
            if (row == 0) throw reader.Error("must follow ids of stored vectors", $"{ids[slot]}");
            put(slot);
            nodes.PutRow(slot, (float*)row);
        }
    }

    private static void ReadRows(SectionReader reader, GraphHead head, GraphNodes nodes, Action<int> put)
    {
        long expected = (long)head.Count * head.Dimension * sizeof(float);
        long length = reader.Begin("vectors");
        if (length != expected)
            throw reader.Error($"must hold {expected} bytes for [{head.Count}, {head.Dimension}] values", $"{length}");
        float[] row = new float[head.Dimension];
        for (int slot = 0; slot < head.Count; slot++)
        {
            reader.Read(MemoryMarshal.AsBytes(row.AsSpan()));
            reader.RequireFinite(row);
            put(slot);
            fixed (float* values = row) nodes.PutRow(slot, values);
        }

        reader.End();
    }

    private static void ReadLinks(SectionReader reader, GraphNodes nodes, byte[] levels)
    {
        ushort[] counts = reader.ReadAll<ushort>("link-counts");
        long lists = levels.Sum(level => level + 1L);
        if (counts.Length != lists) throw reader.Error($"must hold {lists} values", $"{counts.Length}");
        long expected = counts.Sum(count => (long)count) * sizeof(int);
        RequireCounts(reader, nodes, levels, counts);
        long length = reader.Begin("links");
        if (length != expected) throw reader.Error($"must hold {expected} bytes", $"{length}");
        int[] links = new int[nodes.CapacityOf(0)];
        var seen = new HashSet<int>();
        int list = 0;
        for (int slot = 0; slot < levels.Length; slot++)
        {
            for (int level = 0; level <= levels[slot]; level++)
            {
                Span<int> these = links.AsSpan(0, counts[list++]);
                reader.Read(MemoryMarshal.AsBytes(these));
                RequireLinks(reader, these, slot, level, levels, seen);
                nodes.SetLinks(slot, level, these);
            }
        }

        reader.End();
    }

    private static void RequireCounts(SectionReader reader, GraphNodes nodes, byte[] levels, ushort[] counts)
    {
        int list = 0;
        foreach (byte highest in levels)
        {
            for (int level = 0; level <= highest; level++)
            {
                ushort count = counts[list++];
                if (count > nodes.CapacityOf(level))
                    throw reader.Error($"must be at most {nodes.CapacityOf(level)} on layer {level}", $"{count}");
            }
        }
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
            if (levels[link] < level)
                throw reader.Error($"must lead to entries of their layer, {level}", $"{link} of level {levels[link]}");
            if (!seen.Add(link)) throw reader.Error("must differ within a list", $"{link} twice");
        }
    }
}
