// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>
/// Writes and reads the sections of a graph: its fields, then ids, sequences, levels, vectors, lengths of lists, links.
/// </summary>
/// <remarks>
/// Entries are numbered without gaps in the order of their slots, and links name these numbers. A copy has the level
/// 255 and one link, to the entry of the graph that has its vector. The fields end with the centre, where there is one,
/// and by inner product with the entries where walks start besides.
/// </remarks>
internal static unsafe partial class GraphFormat
{
    private const int MostLevelsOfEntry = 4; // on average; the smallest M gives 1
    private const int SpareLevels = 64;
    private const byte CopyLevel = byte.MaxValue;

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
        int[] firsts = FirstsOf(nodes, slots);
        int[] links = new int[nodes.CapacityOf(0) + (GraphLimits.HighestLevel * nodes.LinkCount)];
        writer.Write(
            "links",
            counts.Sum(count => (long)count) * sizeof(int),
            slots.Length,
            number => MemoryMarshal.AsBytes(links.AsSpan(0, CopyLinks(nodes, slots[number], firsts, numbers, links))));
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
        if (file.Centre is { } centre) RequireCentre(reader, head, file, centre);
        if (file.Starts is { } starts) RequireStarts(reader, head, file, starts);
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
        RequireLevels(reader, levels, file);
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
                    Level = levels[slot] == CopyLevel ? GraphNode.Copy : levels[slot],
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
        foreach (float value in file.Centre ?? []) fields.Write(value);
        foreach (int start in file.Starts ?? []) fields.Write(numbers[start]);
    }

    private static (GraphHead Head, GraphFile File) ReadHead(BinaryReader fields)
    {
        var head = new GraphHead(fields.ReadInt32(), (Metric)fields.ReadInt32(), fields.ReadInt32());
        GraphSettings settings = IndexOptionsFormat.ReadGraph(fields);
        settings.Validate();
        ulong[] state = [fields.ReadUInt64(), fields.ReadUInt64(), fields.ReadUInt64(), fields.ReadUInt64()];
        _ = new SeededRandom(state); // refuses what is no state
        long next = fields.ReadInt64();
        int entry = fields.ReadInt32();
        float[]? centre = ReadCentre(fields, head.Metric == Metric.InnerProduct ? head.Dimension : int.MaxValue);
        int[] starts = new int[NumbersLeft(fields)];
        for (int place = 0; place < starts.Length; place++) starts[place] = fields.ReadInt32();
        return (head, new GraphFile(settings, state, next, entry, centre, starts));
    }

    /// <summary>Reads as much as may be the centre of what is left: nothing where that is the origin.</summary>
    private static float[]? ReadCentre(BinaryReader fields, int most)
    {
        long length = NumbersLeft(fields);
        if (length == 0) return null;
        float[] values = new float[Math.Min(length, Math.Max(most, 0))];
        for (int i = 0; i < values.Length; i++) values[i] = fields.ReadSingle();
        return values;
    }

    private static long NumbersLeft(BinaryReader fields) =>
        (fields.BaseStream.Length - fields.BaseStream.Position) / sizeof(float);

    private static void RequireCentre(SectionReader reader, GraphHead head, GraphFile file, float[] centre)
    {
        if (centre.Length != head.Dimension)
            throw reader.Error($"must have a centre of {head.Dimension} values", $"{centre.Length}");
        reader.RequireFinite(centre);
        if (!RowCentre.IsTrusted(centre)) throw reader.Error("must have a centre no longer than 2^60", "a longer one");
        if (file.Settings.Encoding == VectorEncoding.Single && head.Metric == Metric.SquaredEuclidean)
            throw reader.Error("must have no centre where there are no codes", $"one of {centre.Length} values");
    }

    private static void RequireStarts(SectionReader reader, GraphHead head, GraphFile file, int[] starts)
    {
        int most = 2 * file.Settings.LinkCount;
        if (starts.Length > most)
            throw reader.Error($"must start walks at no more than {most} entries besides", $"{starts.Length}");
        int wrong = Array.FindIndex(starts, start => (uint)start >= (uint)head.Count);
        if (wrong >= 0) throw reader.Error("must start walks at entries of its own", $"{starts[wrong]}");
        RequireDifferent(reader, Array.ConvertAll(starts, start => (long)start));
    }

    private static void RequireDifferent(SectionReader reader, long[] values)
    {
        var seen = new HashSet<long>(values.Length);
        foreach (long value in values)
        {
            if (!seen.Add(value)) throw reader.Error("must differ", $"{value} twice");
        }
    }

    private static void RequireLevels(SectionReader reader, byte[] levels, GraphFile file)
    {
        if (levels.Length == 0) return;
        int entry = file.Entry;
        int[] starts = [entry, .. file.Starts ?? []];
        if (Array.Exists(starts, start => levels[start] == CopyLevel))
            throw reader.Error("must be of the graph where walks start", "a copy");
        long sum = 0;
        foreach (byte level in levels)
        {
            if (level == CopyLevel) continue;
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
}
