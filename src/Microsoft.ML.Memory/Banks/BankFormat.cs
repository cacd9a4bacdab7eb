// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>
/// Writes and reads the sections of a bank: its fields, then ids, sequences, labels, weights, origins and keys, then
/// those of its graph where it has one.
/// </summary>
/// <remarks>
/// Only live entries are written, in order, so saving, loading and saving again gives the same bytes.
/// </remarks>
internal static class BankFormat
{
    private const int FirstSegmentBytes = 4 << 20;
    private const int LargestSegmentBytes = 256 << 20;

    public static void Write(SectionWriter writer, BankSnapshot bank)
    {
        Entry[] entries = [.. bank.Entries];
        List<KeyRun> runs = KeyRun.LiveRunsOf(bank);
        KeyEncoding encoding = KeyCodec.Choose(runs);
        writer.Write("bank", fields =>
        {
            fields.Write(bank.Dimension);
            fields.Write((int)bank.Metric);
            fields.Write(entries.Length);
            fields.Write(bank.NextId);
            fields.Write(bank.NextSequence);
            fields.Write((byte)encoding);
            if (bank.Graph is { } graph) fields.Write(graph.EndSequence); // else as the first version wrote it
        });
        writer.Write("ids", Array.ConvertAll(entries, entry => entry.Id));
        writer.Write("sequences", Array.ConvertAll(entries, entry => entry.Sequence));
        writer.Write("labels", Array.ConvertAll(entries, entry => entry.Label));
        writer.Write("weights", Array.ConvertAll(entries, entry => entry.Weight));
        writer.Write("origins", Array.ConvertAll(entries, entry => (byte)entry.Origin));
        long[] firsts = new long[runs.Count + 1];
        for (int index = 0; index < runs.Count; index++) firsts[index + 1] = firsts[index] + runs[index].Keys.Length;
        byte[] buffer = new byte[runs.Count == 0 ? 0 : runs.Max(run => run.Keys.Length) * KeyCodec.SizeOf(encoding)];
        writer.Write(
            "keys",
            firsts[^1] * KeyCodec.SizeOf(encoding),
            runs.Count,
            index => KeyCodec.Encode(runs[index], encoding, firsts[index], buffer));
        bank.Graph?.Write(writer, bank);
        GC.KeepAlive(bank);
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static BankSnapshot Read(SectionReader reader)
    {
        (int dimension, Metric metric, int count, long nextId, long nextSequence, KeyEncoding encoding, long? graphEnd)
            = reader.Read("bank", ReadFields);
        if (dimension is < 1 or > MemoryBank.LargestDimension)
            throw reader.Error($"must have a dimension in [1, {MemoryBank.LargestDimension}]", $"{dimension}");
        if (!Enum.IsDefined(metric)) throw reader.Error("must have a known metric", $"{(int)metric}");
        if (!Enum.IsDefined(encoding)) throw reader.Error("must have a known encoding of keys", $"{(int)encoding}");
        if (nextId < 0) throw reader.Error("must have a next id of at least 0", $"{nextId}");
        if (nextSequence < 0) throw reader.Error("must have a next sequence number of at least 0", $"{nextSequence}");
        if (count < 0) throw reader.Error("must have at least 0 entries", $"{count}");
        if (graphEnd < 0 || graphEnd > nextSequence)
            throw reader.Error($"must have a graph that ends in [0, {nextSequence}]", $"{graphEnd}");

        EntryColumns columns = ReadColumns(reader, count, nextId, nextSequence);
        var views = new List<SegmentView>();
        long expected = (long)count * dimension * KeyCodec.SizeOf(encoding);
        long length = reader.Begin("keys");
        if (length != expected)
            throw reader.Error($"must hold {expected} bytes for [{count}, {dimension}] values", $"{length}");
        int graphCount = graphEnd is { } end ? columns.CountBelow(end) : count; // it ends where a segment ends
        for (int start = 0, bytes = FirstSegmentBytes; start < count; bytes = Math.Min(2 * bytes, LargestSegmentBytes))
        {
            // Segments grow with what has been read, so that a false count cannot ask for much.
            int left = start < graphCount ? graphCount - start : count - start;
            int rows = Math.Min(left, Math.Max(1, bytes / (dimension * sizeof(float))));
            var segment = new EntrySegment(dimension, rows, owner: null);
            columns.CopyTo(segment, start, rows);
            KeyCodec.Read(reader, encoding, segment, dimension, metric, (long)start * dimension);
            views.Add(new SegmentView(segment, rows));
            start += rows;
        }

        reader.End();
        var memory = new BankSnapshot(dimension, metric, [.. views], nextId, nextSequence);
        return graphEnd is { } ends ? BankGraph.Read(reader, memory, ends) : memory;
    }

    private static (int, Metric, int, long, long, KeyEncoding, long?) ReadFields(BinaryReader fields) => (
        fields.ReadInt32(),
        (Metric)fields.ReadInt32(),
        fields.ReadInt32(),
        fields.ReadInt64(),
        fields.ReadInt64(),
        (KeyEncoding)fields.ReadByte(),
        fields.BaseStream.Position < fields.BaseStream.Length ? fields.ReadInt64() : null);

    private static EntryColumns ReadColumns(SectionReader reader, int count, long nextId, long nextSequence)
    {
        long[] ids = reader.ReadAll<long>("ids", count);
        CheckIds(reader, ids, nextId);
        long[] sequences = reader.ReadAll<long>("sequences", count);
        CheckSequences(reader, sequences, nextSequence);
        int[] labels = reader.ReadAll<int>("labels", count);
        int wrong = Array.FindIndex(labels, label => label < 0);
        if (wrong >= 0) throw reader.Error("must be at least 0", $"{labels[wrong]}");
        float[] weights = reader.ReadAll<float>("weights", count);
        wrong = Array.FindIndex(weights, weight => !(weight >= 0 && float.IsFinite(weight)));
        if (wrong >= 0) throw reader.Error("must be finite and at least 0", $"{weights[wrong]}");
        byte[] origins = reader.ReadAll<byte>("origins", count);
        wrong = Array.FindIndex(origins, origin => origin > (byte)EntryOrigin.Feedback);
        if (wrong >= 0) throw reader.Error("must be known", $"{origins[wrong]}");
        return new EntryColumns(ids, sequences, labels, weights, origins);
    }

    private static void CheckIds(SectionReader reader, long[] ids, long nextId)
    {
        // Banks that number their entries have ascending ids: only others need the set.
        HashSet<long>? seen = null;
        for (int row = 0; row < ids.Length; row++)
        {
            if (ids[row] >= nextId) throw reader.Error($"must be below the next id, {nextId}", $"{ids[row]}");
            if (seen is null && row > 0 && ids[row] <= ids[row - 1]) seen = [.. ids.AsSpan(0, row)];
            if (seen?.Add(ids[row]) == false) throw reader.Error("must differ", $"{ids[row]} twice");
        }
    }

    private static void CheckSequences(SectionReader reader, long[] sequences, long next)
    {
        long last = -1;
        foreach (long sequence in sequences)
        {
            if (sequence <= last || sequence >= next)
                throw reader.Error($"must ascend from 0 and be below {next}", $"{sequence} after {last}");
            last = sequence;
        }
    }
}
