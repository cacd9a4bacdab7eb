// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>
/// Writes and reads the sections of a bank: its fields, then ids, sequences, labels, weights and origins, then
/// centroids where keys are coded, keys, and codes; last those of its graph where it has one.
/// </summary>
/// <remarks>
/// Only live entries are written, in order, so saving, loading and saving again gives the same bytes.
/// </remarks>
internal static class BankFormat
{
    private const int FirstSegmentBytes = 4 << 20;
    private const int LargestSegmentBytes = 256 << 20;

    /// <param name="writer">Where the sections go.</param>
    /// <param name="bank">The entries.</param>
    /// <param name="labels">A label for each entry in place of its own; null writes their own.</param>
    public static void Write(SectionWriter writer, BankSnapshot bank, int[]? labels = null)
    {
        Entry[] entries = [.. bank.Entries];
        List<KeyRun> runs = KeyRun.LiveRunsOf(bank);
        bool hasKeys = bank.Quantizer?.KeepsKeys != false;
        KeyEncoding encoding = hasKeys ? KeyCodec.Choose(runs) : default;
        var fields = new BankFields(
            bank.Dimension, bank.Metric, entries.Length, bank.NextId, bank.NextSequence, encoding,
            bank.Graph?.EndSequence, bank.RefusedCount, bank.Quantizer?.Settings);
        fields.Write(writer);
        writer.Write("ids", Array.ConvertAll(entries, entry => entry.Id));
        writer.Write("sequences", Array.ConvertAll(entries, entry => entry.Sequence));
        writer.Write("labels", labels ?? Array.ConvertAll(entries, entry => entry.Label));
        writer.Write("weights", Array.ConvertAll(entries, entry => entry.Weight));
        writer.Write("origins", Array.ConvertAll(entries, entry => (byte)entry.Origin));
        if (bank.Quantizer is { } quantizer) QuantizedFormat.WriteCentroids(writer, quantizer.Codebooks);
        if (hasKeys) WriteKeys(writer, runs, encoding);
        if (bank.Quantizer is not null) QuantizedFormat.WriteCodes(writer, runs, bank.Quantizer.CodeBytes);
        bank.Graph?.Write(writer, bank);
        GC.KeepAlive(bank);
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static BankSnapshot Read(SectionReader reader)
    {
        BankFields fields = BankFields.Read(reader);
        EntryColumns columns = ReadColumns(reader, fields.Count, fields.NextId, fields.NextSequence);
        BankQuantizer? quantizer = null;
        if (fields.Quantization is { } settings)
        {
            ProductQuantizer codebooks = QuantizedFormat.ReadCentroids(
                reader, fields.Dimension, settings.SubspacesOf(fields.Dimension));
            quantizer = new BankQuantizer(codebooks, fields.Metric, settings);
        }

        // Segments are made one by one while the first section that fills them is read.
        IEnumerable<EntrySegment> segments = Segments(fields, columns, quantizer);
        if (fields.HasKeys) segments = ReadKeys(reader, fields, segments);
        if (quantizer is not null) segments = QuantizedFormat.ReadCodes(reader, fields.Count, quantizer, segments);
        var memory = new BankSnapshot(
            fields.Dimension,
            fields.Metric,
            [.. segments.Select(segment => new SegmentView(segment, segment.Capacity))],
            fields.NextId,
            fields.NextSequence,
            graph: null,
            quantizer,
            fields.RefusedCount);
        return fields.GraphEnd is { } end ? BankGraph.Read(reader, memory, end) : memory;
    }

    private static void WriteKeys(SectionWriter writer, List<KeyRun> runs, KeyEncoding encoding)
    {
        long[] firsts = new long[runs.Count + 1];
        for (int index = 0; index < runs.Count; index++) firsts[index + 1] = firsts[index] + runs[index].Keys.Length;
        byte[] buffer = new byte[runs.Count == 0 ? 0 : runs.Max(run => run.Keys.Length) * KeyCodec.SizeOf(encoding)];
        writer.Write(
            "keys",
            firsts[^1] * KeyCodec.SizeOf(encoding),
            runs.Count,
            index => KeyCodec.Encode(runs[index], encoding, firsts[index], buffer));
    }

    private static List<EntrySegment> ReadKeys(
        SectionReader reader, BankFields fields, IEnumerable<EntrySegment> segments)
    {
        (int count, int dimension) = (fields.Count, fields.Dimension);
        long expected = (long)count * dimension * KeyCodec.SizeOf(fields.Encoding);
        long length = reader.Begin("keys");
        if (length != expected)
            throw reader.Error($"must hold {expected} bytes for [{count}, {dimension}] values", $"{length}");
        var read = new List<EntrySegment>();
        long first = 0;
        foreach (EntrySegment segment in segments)
        {
            KeyCodec.Read(reader, fields.Encoding, segment, dimension, fields.Metric, first);
            first += (long)segment.Capacity * dimension;
            read.Add(segment);
        }

        reader.End();
        return read;
    }

    /// <summary>Makes segments that grow with what has been read, so that a false count cannot ask for much.</summary>
    private static IEnumerable<EntrySegment> Segments(
        BankFields fields, EntryColumns columns, BankQuantizer? quantizer)
    {
        int count = fields.Count;
        int graphCount = fields.GraphEnd is { } end ? columns.CountBelow(end) : count; // it ends where a segment ends
        long keyBytes = BankQuantizer.KeyBytes(fields.Dimension, quantizer);
        for (int start = 0, bytes = FirstSegmentBytes; start < count; bytes = Math.Min(2 * bytes, LargestSegmentBytes))
        {
            int left = start < graphCount ? graphCount - start : count - start;
            int rows = (int)Math.Min(left, Math.Max(1, bytes / keyBytes));
            var segment = new EntrySegment(fields.Dimension, rows, owner: null, quantizer);
            columns.CopyTo(segment, start, rows);
            start += rows;
            yield return segment;
        }
    }

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
        if (wrong >= 0) throw reader.Error("must be finite and at least 0", Check.Shown(weights[wrong]));
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
