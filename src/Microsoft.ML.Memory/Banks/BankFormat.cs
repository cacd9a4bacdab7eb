// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads the sections of a bank: its fields, then ids, sequences, labels, weights, origins and keys.</summary>
/// <remarks>Only live entries are written, in order, so saving, loading and saving again gives the same bytes.</remarks>
internal static class BankFormat
{
    private const int FirstSegmentBytes = 4 << 20;
    private const int LargestSegmentBytes = 256 << 20;

    public static void Write(SectionWriter writer, BankSnapshot bank)
    {
        Entry[] entries = [.. bank.Entries];
        writer.Write("bank", fields =>
        {
            fields.Write(bank.Dimension);
            fields.Write((int)bank.Metric);
            fields.Write(entries.Length);
            fields.Write(bank.NextId);
            fields.Write(bank.NextSequence);
        });
        writer.Write("ids", Array.ConvertAll(entries, entry => entry.Id));
        writer.Write("sequences", Array.ConvertAll(entries, entry => entry.Sequence));
        writer.Write("labels", Array.ConvertAll(entries, entry => entry.Label));
        writer.Write("weights", Array.ConvertAll(entries, entry => entry.Weight));
        writer.Write("origins", Array.ConvertAll(entries, entry => (byte)entry.Origin));
        List<(SegmentView View, int Start, int Count)> runs = LiveRuns(bank);
        writer.Write("keys", runs.Count, index =>
            MemoryMarshal.AsBytes(runs[index].View.Segment.KeysOf(runs[index].Start, runs[index].Count)));
        GC.KeepAlive(bank);
    }

    /// <exception cref="InvalidDataException">The content breaks a rule; the message names section and offset.</exception>
    public static BankSnapshot Read(SectionReader reader)
    {
        (int dimension, Metric metric, int count, long nextId, long nextSequence) = reader.Read("bank", fields => (
            fields.ReadInt32(), (Metric)fields.ReadInt32(), fields.ReadInt32(), fields.ReadInt64(), fields.ReadInt64()));
        if (dimension is < 1 or > MemoryBank.LargestDimension)
            throw reader.Error($"must have a dimension in [1, {MemoryBank.LargestDimension}]", $"{dimension}");
        if (!Enum.IsDefined(metric)) throw reader.Error("must have a known metric", $"{(int)metric}");
        if (nextId < 0) throw reader.Error("must have a next id of at least 0", $"{nextId}");
        if (nextSequence < 0) throw reader.Error("must have a next sequence number of at least 0", $"{nextSequence}");
        if (count < 0) throw reader.Error("must have at least 0 entries", $"{count}");

        long[] ids = reader.ReadAll<long>("ids", count);
        CheckIds(reader, ids, nextId);
        long[] sequences = reader.ReadAll<long>("sequences", count);
        CheckSequences(reader, sequences, nextSequence);
        int[] labels = reader.ReadAll<int>("labels", count);
        if (count > 0 && TensorPrimitives.Min<int>(labels) < 0) throw reader.Error("must be at least 0", $"{TensorPrimitives.Min<int>(labels)}");
        float[] weights = reader.ReadAll<float>("weights", count);
        if (!Array.TrueForAll(weights, weight => weight >= 0 && float.IsFinite(weight)))
            throw reader.Error("must be finite and at least 0", "another value");
        byte[] origins = reader.ReadAll<byte>("origins", count);
        if (!Array.TrueForAll(origins, origin => Enum.IsDefined((EntryOrigin)origin))) throw reader.Error("must be known", "another value");

        var views = new List<SegmentView>();
        long length = reader.Begin("keys");
        if (length != (long)count * dimension * sizeof(float))
            throw reader.Error($"must hold [{count}, {dimension}] values of 4 bytes", $"{length} bytes");
        for (int start = 0, bytes = FirstSegmentBytes; start < count; bytes = Math.Min(2 * bytes, LargestSegmentBytes))
        {
            // Segments grow with what has been read, so that a false count cannot ask for much.
            int rows = Math.Min(count - start, Math.Max(1, bytes / (dimension * sizeof(float))));
            var segment = new EntrySegment(dimension, rows);
            ids.AsSpan(start, rows).CopyTo(segment.Ids);
            Array.Copy(sequences, start, segment.Sequences, 0, rows);
            Array.Copy(labels, start, segment.Labels, 0, rows);
            Array.Copy(weights, start, segment.Weights, 0, rows);
            MemoryMarshal.Cast<byte, EntryOrigin>(origins.AsSpan(start, rows)).CopyTo(segment.Origins);
            ReadKeys(reader, segment, rows, dimension, metric);
            views.Add(new SegmentView(segment, rows, null, 0));
            start += rows;
        }

        reader.End();
        return new BankSnapshot(dimension, metric, [.. views], nextId, nextSequence);
    }

    private static void ReadKeys(SectionReader reader, EntrySegment segment, int rows, int dimension, Metric metric)
    {
        int piece = Math.Max(1, SectionFormat.PieceBytes / (dimension * sizeof(float)));
        for (int row = 0; row < rows; row += piece)
        {
            int taken = Math.Min(piece, rows - row);
            Span<float> keys = segment.WriteKeys(row, taken);
            reader.Read(MemoryMarshal.AsBytes(keys));
            if (!TensorPrimitives.IsFiniteAll<float>(keys)) throw reader.Error("must be finite", "NaN or infinity");
            for (int index = 0; index < taken; index++)
                segment.Terms[row + index] = RowTerm.Of(metric, keys.Slice(index * dimension, dimension));
        }

        GC.KeepAlive(segment);
    }

    private static void CheckIds(SectionReader reader, long[] ids, long nextId)
    {
        var seen = new HashSet<long>(ids.Length);
        foreach (long id in ids)
        {
            if (!seen.Add(id)) throw reader.Error("must differ", $"{id} twice");
            if (id >= nextId) throw reader.Error($"must be below the next id, {nextId}", $"{id}");
        }
    }

    private static void CheckSequences(SectionReader reader, long[] sequences, long next)
    {
        long last = -1;
        foreach (long sequence in sequences)
        {
            if (sequence <= last || sequence >= next) throw reader.Error($"must ascend from 0 and be below {next}", $"{sequence} after {last}");
            last = sequence;
        }
    }

    private static List<(SegmentView View, int Start, int Count)> LiveRuns(BankSnapshot bank)
    {
        int longest = Math.Max(1, LargestSegmentBytes / (bank.Dimension * sizeof(float)));
        var runs = new List<(SegmentView, int, int)>();
        foreach (SegmentView view in bank.Views)
        {
            int start = 0;
            for (int row = 0; row <= view.Count; row++)
            {
                if (row < view.Count && !view.IsRemoved(row) && row - start < longest) continue;
                if (row > start) runs.Add((view, start, row - start));
                start = row < view.Count && !view.IsRemoved(row) ? row : row + 1;
            }
        }

        return runs;
    }
}
