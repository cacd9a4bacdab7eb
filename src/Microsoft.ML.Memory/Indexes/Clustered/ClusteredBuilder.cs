// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes the file of a clustered index from rows that are read twice and never held all at once.</summary>
/// <remarks>
/// The file depends on settings, ids, vectors and slots, not on the order in which rows come, nor on threads or on how
/// much was sorted in memory.
/// </remarks>
internal sealed class ClusteredBuilder
{
    private const int RowsAtOnce = 1024;
    private const uint IsReplica = 1u << 31;
    private const string Changed = "The source must give the same rows twice. Got others the second time.";

    private readonly string _path;
    private readonly IndexHeader _header;
    private readonly WriteGate? _gate;
    private readonly CancellationToken _stop;
    private readonly long _share;
    private long _count;
    private uint _rowsChecksum;

    /// <param name="path">The new file.</param>
    /// <param name="header">Dimension, metric and settings.</param>
    /// <param name="gate">Is told of every write.</param>
    /// <param name="stop">Stops the build.</param>
    public ClusteredBuilder(string path, IndexHeader header, WriteGate? gate, CancellationToken stop)
    {
        _path = path;
        _header = header;
        _gate = gate;
        _stop = stop;
        _share = header.Settings.MemoryBytes / 4;
    }

    private int Dimension => _header.Dimension;

    private ClusteredSettings Settings => _header.Settings;

    /// <summary>Builds the file and leaves it open; on an error it is deleted.</summary>
    public IndexFile Build(IEnumerable<SlottedBatch> rows)
    {
        IndexFile file = IndexFile.Create(_path, _gate);
        try
        {
            Write(file, rows);
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(_path);
            throw;
        }
    }

    private void Write(IndexFile file, IEnumerable<SlottedBatch> rows)
    {
        var writer = new PageWriter(file);
        float[] heads = ReadFirst(writer, rows);
        writer.Align(IndexFormat.SectionAlignment);
        writer.Append<float>(heads);
        writer.Align(IndexFormat.SectionAlignment);
        ListPlace[] lists = WritePostings(writer, heads, rows);
        writer.Align(IndexFormat.SectionAlignment);
        long listsAt = writer.Position;
        writer.Append<ListPlace>(lists);
        IndexHeader header = _header with
        {
            Count = (int)_count,
            HeadCount = lists.Length,
            ListsAt = listsAt,
            ChecksumsChecksum = writer.End(),
        };
        header = header with { LogEnd = header.LogStart };
        WriteHeader(file, header);
    }

    /// <summary>Writes the first header; the second slot stays empty, and the file ends where the log starts.</summary>
    private static void WriteHeader(IndexFile file, IndexHeader header)
    {
        byte[] front = new byte[IndexFormat.BodyStart];
        header.ToSlot().CopyTo(front.AsSpan((int)header.SlotAt));
        file.Write(front, 0);
        if (file.Length < header.LogStart) file.Write([0], header.LogStart - 1);
        file.Flush();
    }

    private float[] ReadFirst(PageWriter writer, IEnumerable<SlottedBatch> rows)
    {
        int capacity = (int)Math.Clamp(
            _share / HeadTree.BytesOfRow(Dimension), 1, Array.MaxLength / Math.Max(Dimension, 32));
        var sample = new RowSample(capacity, Dimension, Settings.Seed);
        using var bySlot = new SpillSorter(_path + ".slots", sizeof(long), _share / 4, _gate);
        using var byId = new SpillSorter(_path + ".ids", 0, _share / 4, _gate);
        foreach (SlottedBatch batch in rows)
        {
            _stop.ThrowIfCancellationRequested();
            ReadOnlySpan<long> ids = batch.Ids.Span;
            for (int row = 0; row < ids.Length; row++)
            {
                uint slot = (uint)batch.Slots.Span[row];
                sample.Offer(ids[row], batch.Vectors.Span.Slice(row * Dimension, Dimension));
                MemoryMarshal.Write(bySlot.Add(slot, 0), ids[row]);
                byId.Add(unchecked((ulong)ids[row]) ^ (1UL << 63), slot);
            }

            Count(batch);
        }

        bySlot.Merge((_, _, id) => writer.Append(id));
        writer.Align(IndexFormat.SectionAlignment);
        WriteSorted(writer, byId);
        float[] sampled = sample.Take();
        if (_header.Metric == Metric.Cosine) UnitRow.ScaleAll(sampled, Dimension);
        double share = (double)sampled.Length / Dimension / Math.Max(1, _count);
        long leaf = (long)Math.Round(Settings.ListLength * share);
        return HeadTree.Choose(
            sampled, Dimension, (int)Math.Clamp(leaf, 1, int.MaxValue), _header.Metric, Settings, _stop);
    }

    private void WriteSorted(PageWriter writer, SpillSorter byId)
    {
        ulong last = 0;
        bool isFirst = true;
        byId.Merge((key, slot, _) =>
        {
            long id = unchecked((long)(key ^ (1UL << 63)));
            if (key == last && !isFirst)
                throw new ArgumentException($"ids must differ. Got {id} twice. Nothing was built.");
            last = key;
            isFirst = false;
            writer.Append<long>([id]);
            writer.Append<uint>([slot]);
        });
    }

    private void Count(in SlottedBatch batch)
    {
        _count += batch.Ids.Length;
        _rowsChecksum = SectionFormat.Checksum(_rowsChecksum, MemoryMarshal.AsBytes(batch.Ids.Span));
        _rowsChecksum = SectionFormat.Checksum(_rowsChecksum, MemoryMarshal.AsBytes(batch.Vectors.Span));
    }

    /// <summary>Writes the lists, then by inner product how far they reach, then the home of each slot.</summary>
    private ListPlace[] WritePostings(PageWriter writer, float[] heads, IEnumerable<SlottedBatch> rows)
    {
        var lists = new ListPlace[heads.Length / Dimension];
        ListReaches? reaches = _header.HasReaches ? new ListReaches(heads, Dimension) : null;
        using var postings = new SpillSorter(_path + ".rows", Dimension * sizeof(float), _share, _gate);
        using var homes = new SpillSorter(_path + ".slots", sizeof(int), _share / 4, _gate);
        Assign(heads, rows, postings);
        int list = -1;
        postings.Merge((key, slot, vector) =>
        {
            if (list < (int)(key >> 32)) _stop.ThrowIfCancellationRequested();
            while (list < (int)(key >> 32)) lists[++list] = new ListPlace(writer.Position, 0, 0);
            ListPlace place = lists[list];
            bool isReplica = ((uint)key & IsReplica) != 0;
            if (isReplica && place.Count >= Settings.ListCapacity) return;
            if (!isReplica)
            {
                MemoryMarshal.Write(homes.Add(slot, 0), list);
                reaches?.Take(list, vector);
            }

            writer.Append<uint>([slot]);
            writer.Append(vector);
            lists[list] = place with
            {
                Count = place.Count + 1,
                PrimaryCount = place.PrimaryCount + (isReplica ? 0 : 1),
            };
        });
        while (list < lists.Length - 1) lists[++list] = new ListPlace(writer.Position, 0, 0);
        writer.Align(IndexFormat.SectionAlignment);
        writer.Append<float>(reaches?.ToArray());
        writer.Align(IndexFormat.SectionAlignment);
        homes.Merge((_, _, home) => writer.Append(home));
        return lists;
    }

    private void Assign(float[] heads, IEnumerable<SlottedBatch> rows, SpillSorter postings)
    {
        var assignment = new ListAssignment(heads, Dimension, _header.Metric, Settings);
        (long count, uint checksum) = (_count, _rowsChecksum);
        (_count, _rowsChecksum) = (0, 0);
        foreach (SlottedBatch batch in rows)
        {
            if (_count + batch.Ids.Length > count) throw new InvalidOperationException(Changed);
            for (int start = 0; start < batch.Ids.Length; start += RowsAtOnce)
            {
                _stop.ThrowIfCancellationRequested();
                int taken = Math.Min(RowsAtOnce, batch.Ids.Length - start);
                ReadOnlySpan<float> vectors = batch.Vectors.Span.Slice(start * Dimension, taken * Dimension);
                assignment.Assign(vectors);
                for (int row = 0; row < taken; row++)
                {
                    uint slot = (uint)batch.Slots.Span[start + row];
                    Post(postings, slot, vectors.Slice(row * Dimension, Dimension), assignment, row);
                }
            }

            Count(batch);
        }

        if (_count != count || _rowsChecksum != checksum) throw new InvalidOperationException(Changed);
    }

    /// <summary>Keys order a list's entries by slot and then its replicas, nearest first.</summary>
    private static void Post(
        SpillSorter postings, uint slot, ReadOnlySpan<float> vector, ListAssignment assignment, int row)
    {
        ReadOnlySpan<int> lists = assignment.ListsOf(row);
        ReadOnlySpan<float> distances = assignment.DistancesOf(row);
        for (int rank = 0; rank < lists.Length; rank++)
        {
            uint order = rank == 0 ? 0 : IsReplica | BitConverter.SingleToUInt32Bits(Math.Max(0, distances[rank]));
            MemoryMarshal.AsBytes(vector).CopyTo(postings.Add(((ulong)lists[rank] << 32) | order, slot));
        }
    }
}
