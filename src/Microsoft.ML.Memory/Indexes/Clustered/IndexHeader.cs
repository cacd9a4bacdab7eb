// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>What a header slot says: where everything is and how much of the log is safely on the device.</summary>
internal sealed record IndexHeader
{
    private const int ChecksumAt = IndexFormat.SlotBytes - sizeof(uint);
    private const long LastGeneration = 1L << 62;

    public required int Dimension { get; init; }

    public required Metric Metric { get; init; }

    public required ClusteredSettings Settings { get; init; }

    /// <summary>Version of the format that the base was written in.</summary>
    public required uint Version { get; init; }

    /// <summary>Counts the headers of a file; the highest counts, and its last bit names its slot.</summary>
    public long Generation { get; init; }

    /// <summary>Entries of the base, removed ones included.</summary>
    public int Count { get; init; }

    public int HeadCount { get; init; }

    public long ListsAt { get; init; } = IndexFormat.BodyStart;

    /// <summary>Checksum of the checksums of the base's pages.</summary>
    public uint ChecksumsChecksum { get; init; }

    /// <summary>End of the part of the log that was forced to the device.</summary>
    public long LogEnd { get; init; }

    public long IdsAt => IndexFormat.BodyStart;

    public long SortedAt => IndexFormat.Align(IdsAt + ((long)Count * sizeof(long)), IndexFormat.SectionAlignment);

    public long HeadsAt
        => IndexFormat.Align(SortedAt + ((long)Count * IndexFormat.SortedIdBytes), IndexFormat.SectionAlignment);

    public long PostingsAt
        => IndexFormat.Align(HeadsAt + ((long)HeadCount * Dimension * sizeof(float)), IndexFormat.SectionAlignment);

    /// <summary>Whether the file says in which list each entry is whose nearest list it is.</summary>
    public bool HasHomes => Version >= IndexFormat.FirstWithHomes;

    /// <summary>Whether the file says how far each list reaches.</summary>
    public bool HasReaches => Version >= IndexFormat.FirstWithReaches && Metric == Metric.InnerProduct;

    /// <summary>Where the list table would be if no list held anything.</summary>
    public long LeastListsAt => PostingsAt + ReachesBytes + HomesBytes;

    /// <summary>Where reaches are; where there are none, homes.</summary>
    public long ReachesAt => HomesAt - ReachesBytes;

    /// <summary>Where homes are; where there are none, the list table.</summary>
    public long HomesAt => ListsAt - HomesBytes;

    public long ChecksumsAt
        => IndexFormat.Align(ListsAt + ((long)HeadCount * IndexFormat.ListBytes), IndexFormat.PageBytes);

    public int PageCount
        => (int)Math.Min(int.MaxValue, (ChecksumsAt - IndexFormat.BodyStart) / IndexFormat.PageBytes);

    public long LogStart
        => IndexFormat.Align(ChecksumsAt + ((long)PageCount * sizeof(uint)), IndexFormat.SlotBytes);

    private long HomesBytes
        => HasHomes ? IndexFormat.Align((long)Count * sizeof(int), IndexFormat.SectionAlignment) : 0;

    private long ReachesBytes
        => HasReaches ? IndexFormat.Align((long)HeadCount * sizeof(float), IndexFormat.SectionAlignment) : 0;

    /// <summary>Where this header belongs.</summary>
    public long SlotAt => Generation % 2 * IndexFormat.SlotBytes;

    /// <summary>Makes the header of a file that is to be written.</summary>
    public static IndexHeader New(int dimension, Metric metric, ClusteredSettings settings) => new()
    {
        Version = metric == Metric.InnerProduct ? IndexFormat.Version : IndexFormat.FirstWithHomes,
        Dimension = dimension,
        Metric = metric,
        Settings = settings,
    };

    public byte[] ToSlot()
    {
        byte[] slot = new byte[IndexFormat.SlotBytes];
        using var writer = new BinaryWriter(new MemoryStream(slot), Encoding.UTF8);
        writer.Write(IndexFormat.Magic);
        writer.Write(Version);
        writer.Write(IndexFormat.OldestReader);
        writer.Write(Generation);
        writer.Write(Dimension);
        writer.Write((int)Metric);
        writer.Write(Count);
        writer.Write(HeadCount);
        writer.Write(ListsAt);
        writer.Write(ChecksumsChecksum);
        writer.Write(LogEnd);
        Write(writer, Settings);
        writer.Flush();
        BinaryPrimitives.WriteUInt32LittleEndian(
            slot.AsSpan(ChecksumAt), SectionFormat.Checksum(0, slot.AsSpan(0, ChecksumAt)));
        return slot;
    }

    /// <summary>Reads both slots and gives the header that counts.</summary>
    /// <exception cref="InvalidDataException">Neither is valid, or the valid one is not of this file.</exception>
    public static IndexHeader Read(IndexFile file)
    {
        IndexHeader? first = TryRead(file, 0), second = TryRead(file, IndexFormat.SlotBytes);
        IndexHeader? header = first is null || second?.Generation > first.Generation ? second : first;
        if (header is null)
            throw IndexFormat.Error("header", 0, "must match its checksum in one of its two slots", "other bytes");
        header.Check(file.Length);
        return header;
    }

    private static IndexHeader? TryRead(IndexFile file, long offset)
    {
        byte[] slot = new byte[IndexFormat.SlotBytes];
        file.Read(slot, offset, "header");
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(slot.AsSpan(ChecksumAt));
        if (!slot.AsSpan(0, 8).SequenceEqual(IndexFormat.Magic)
            || checksum != SectionFormat.Checksum(0, slot.AsSpan(0, ChecksumAt)))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(slot), Encoding.UTF8);
        reader.BaseStream.Position = IndexFormat.Magic.Length;
        uint written = reader.ReadUInt32(), oldest = reader.ReadUInt32();
        if (oldest == 0 || oldest > IndexFormat.Version)
        {
            throw IndexFormat.Error(
                "header", offset, $"must be readable by version {IndexFormat.Version}", $"version {written}");
        }

        return new IndexHeader
        {
            Version = written,
            Generation = reader.ReadInt64(),
            Dimension = reader.ReadInt32(),
            Metric = (Metric)reader.ReadInt32(),
            Count = reader.ReadInt32(),
            HeadCount = reader.ReadInt32(),
            ListsAt = reader.ReadInt64(),
            ChecksumsChecksum = reader.ReadUInt32(),
            LogEnd = reader.ReadInt64(),
            Settings = ReadSettings(reader),
        };
    }

    private void Check(long length)
    {
        Require(
            Dimension is >= 1 and <= MemoryBank.LargestDimension,
            $"must have a dimension in [1, {MemoryBank.LargestDimension}]",
            Dimension);
        Require(Enum.IsDefined(Metric), "must have a known metric", (int)Metric);
        Require(
            Generation is >= 0 and <= LastGeneration, $"must have a generation in [0, {LastGeneration}]", Generation);
        Require(Count >= 0, "must have at least 0 entries", Count);
        Require(
            HeadCount >= 0 && HeadCount <= Count && (HeadCount > 0 || Count == 0),
            $"must have 1 to {Count} heads", HeadCount);
        Require(
            ListsAt >= LeastListsAt && ListsAt <= length,
            $"must have lists from byte {LeastListsAt} to {length}",
            ListsAt);
        Require(
            ChecksumsAt <= length && LogStart <= length, $"must have a base that ends by byte {length}", ChecksumsAt);
        Require(PageCount <= Array.MaxLength, $"must have at most {Array.MaxLength} pages", PageCount);
        Require(LogEnd >= LogStart, $"must have a log that ends from byte {LogStart} on", LogEnd);
        if (LogEnd > length)
            throw IndexFormat.Error("log", LogStart, "must be complete", $"the end of the file at byte {length}");
        try
        {
            Settings.Validate();
        }
        catch (ArgumentException error)
        {
            throw IndexFormat.Error("header", SlotAt, "must hold valid settings", error.Message.TrimEnd('.'));
        }
    }

    private void Require(bool holds, string constraint, long got)
    {
        if (!holds) throw IndexFormat.Error("header", SlotAt, constraint, $"{got}");
    }

    private static void Write(BinaryWriter writer, ClusteredSettings settings)
    {
        writer.Write(settings.ListLength);
        writer.Write(settings.ListCapacity);
        writer.Write(settings.ReplicaCount);
        writer.Write(settings.NearHeadCount);
        writer.Write(settings.BalanceWeight);
        writer.Write(settings.SearchListCount);
        writer.Write(settings.SureListCount);
        writer.Write(settings.DistanceRatio);
        writer.Write(settings.AddedCount);
        writer.Write(settings.RemovedShare);
        writer.Write(settings.MemoryBytes);
        writer.Write(settings.FlushEachChange);
        writer.Write(settings.Seed);
    }

    private static ClusteredSettings ReadSettings(BinaryReader reader) => new()
    {
        ListLength = reader.ReadInt32(),
        ListCapacity = reader.ReadInt32(),
        ReplicaCount = reader.ReadInt32(),
        NearHeadCount = reader.ReadInt32(),
        BalanceWeight = reader.ReadDouble() is var weight && double.IsFinite(weight)
            ? Math.Min(weight, ClusteredSettings.LargestBalanceWeight)
            : weight,
        SearchListCount = reader.ReadInt32(),
        SureListCount = reader.ReadInt32(),
        DistanceRatio = reader.ReadDouble(),
        AddedCount = reader.ReadInt32(),
        RemovedShare = reader.ReadDouble(),
        MemoryBytes = reader.ReadInt64(),
        FlushEachChange = reader.ReadBoolean(),
        Seed = reader.ReadInt64(),
    };
}
