// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>
/// The content of a saved lookup: options with the type of each stored column, the bank's sections, the groups where
/// there are any, then the values of one stored column after the other, in as many sections as it takes.
/// </summary>
/// <remarks>
/// Groups are those that the rows have, numbered as they turn up, so that saving, loading and saving again gives the
/// same bytes. A lookup without groups is written as it was before there were any.
/// </remarks>
internal static class NearestNeighborsFile
{
    /// <summary>A section of values ends once it has so many bytes, so that none is held in memory whole.</summary>
    private const int SectionBytes = 4 << 20;

    private const byte VectorMark = 0x80;
    private const uint FirstWithGroups = 2;

    public static void Write(Stream stream, NearestNeighborsTransformer transformer)
    {
        StoredRows rows = transformer.Rows;
        var writer = new SectionWriter(stream, rows.Groups is null ? SectionFormat.FirstVersion : FirstWithGroups);
        writer.Write("nearestNeighbors", fields => WriteOptions(fields, transformer.Options, rows));
        WriteRows(writer, transformer);
        writer.End();
    }

    /// <summary>Writes what is stored, without the options.</summary>
    public static void WriteRows(SectionWriter writer, NearestNeighborsTransformer transformer)
    {
        StoredRows rows = transformer.Rows;
        WriteBank(writer, transformer.Bank, rows.Groups);
        int[] slots = rows.Columns.Count == 0
            ? []
            : [.. transformer.Bank.Entries.Select(entry => rows.SlotOf(entry.Sequence))];
        foreach (StoredColumn column in rows.Columns) WriteColumn(writer, column, slots);
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static NearestNeighborsTransformer Read(Stream stream, IHostEnvironment environment)
    {
        var reader = new SectionReader(stream);
        (NearestNeighborsOptions options, GroupType? groupType, List<StoredColumn> empty) = reader.Read(
            "nearestNeighbors", fields => ReadOptions(fields, hasGroups: reader.Version >= FirstWithGroups));
        NearestNeighborsTransformer transformer = ReadRows(reader, options, empty, environment, groupType);
        reader.EndFile();
        return transformer;
    }

    /// <summary>Reads what is stored.</summary>
    /// <param name="reader">Where <see cref="WriteRows"/> has written.</param>
    /// <param name="options">Settings that were checked.</param>
    /// <param name="empty">The stored columns, without their values.</param>
    /// <param name="environment">The host.</param>
    /// <param name="groupType">What tells the group of a row; null where there are no groups.</param>
    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static NearestNeighborsTransformer ReadRows(
        SectionReader reader,
        NearestNeighborsOptions options,
        IEnumerable<StoredColumn> empty,
        IHostEnvironment environment,
        GroupType? groupType = null)
    {
        BankSnapshot bank = BankFormat.Read(reader);
        if (bank.Metric != options.Metric)
            throw reader.Error($"must follow a bank of metric {options.Metric}", $"{bank.Metric}");
        if (options.NeighborCount is null && bank.Quantizer?.KeepsKeys == false)
        {
            throw reader.Error(
                "must follow a bank of vectors where all within a distance are looked up", "codes alone");
        }

        MemoryIndexing.Require(reader, options.Index, bank.Dimension);
        GroupTable? groups = groupType is null ? null : ReadGroups(reader, groupType, bank);
        StoredColumn[] columns = [.. empty.Select(column => ReadColumn(reader, column, bank.Count))];
        long[] sequences = columns.Length == 0 ? [] : [.. bank.Entries.Select(entry => entry.Sequence)];
        return new NearestNeighborsTransformer(environment, options, bank, new StoredRows(columns, sequences, groups));
    }

    private static void WriteBank(SectionWriter writer, BankSnapshot bank, GroupTable? groups)
    {
        if (groups is null)
        {
            BankFormat.Write(writer, bank);
            return;
        }

        var numbers = new Dictionary<int, int> { [GroupTable.None] = GroupTable.None };
        var written = new List<int>();
        int[] labels = [.. bank.Entries.Select(entry =>
        {
            if (numbers.TryGetValue(entry.Label, out int number)) return number;
            written.Add(entry.Label);
            return numbers[entry.Label] = written.Count;
        })];
        BankFormat.Write(writer, bank, labels);
        writer.Write("groups", fields => groups.Write(fields, written));
    }

    private static GroupTable ReadGroups(SectionReader reader, GroupType type, BankSnapshot bank)
    {
        GroupTable groups = reader.Read("groups", fields => GroupTable.Read(fields, type));
        int largest = bank.Entries.Select(entry => entry.Label).DefaultIfEmpty(GroupTable.None).Max();
        return largest <= groups.Count
            ? groups
            : throw reader.Error($"must have a value for each of {largest} groups of rows", $"{groups.Count}");
    }

    private static void WriteColumn(SectionWriter writer, StoredColumn column, int[] slots)
    {
        for (int start = 0; start < slots.Length;)
        {
            int next = start;
            writer.Write("values", fields =>
            {
                while (next < slots.Length && fields.BaseStream.Position < SectionBytes)
                    column.Write(fields, slots[next++]);
            });
            start = next;
        }
    }

    private static StoredColumn ReadColumn(SectionReader reader, StoredColumn column, int count)
    {
        ColumnAppender values = column.Append();
        for (int read = 0; read < count;)
        {
            read += reader.Read("values", fields =>
            {
                int here = 0;
                for (; fields.BaseStream.Position < fields.BaseStream.Length && read + here < count; here++)
                    values.Read(fields);
                return here > 0 ? here : throw new FormatException("Values must not be missing. Got none.");
            });
        }

        return values.Finish();
    }

    private static void WriteOptions(BinaryWriter fields, NearestNeighborsOptions options, StoredRows rows)
    {
        fields.Write(options.FeatureColumnName);
        OptionalName.Write(fields, options.IdColumnName);
        fields.Write(options.NeighborCount ?? 0);
        fields.Write((int)options.Metric);
        fields.Write(options.LargestDistance is not null);
        if (options.LargestDistance is { } distance) fields.Write(distance);
        fields.Write(options.LeavesOutSameId);
        fields.Write(options.IdsColumnName);
        fields.Write(options.DistancesColumnName);
        IndexOptionsFormat.Write(fields, options.Index);
        fields.Write(rows.Columns.Count);
        foreach (StoredColumn column in rows.Columns)
        {
            fields.Write(column.Name);
            WriteType(fields, column.Type);
        }

        if (rows.Groups is { } groups)
        {
            fields.Write(options.GroupColumnName ?? "");
            groups.Type.Write(fields);
        }

        EncoderMark.Write(fields, options.EncoderFingerprint);
    }

    private static (NearestNeighborsOptions Options, GroupType? Groups, List<StoredColumn> Columns) ReadOptions(
        BinaryReader fields, bool hasGroups)
    {
        var options = new NearestNeighborsOptions
        {
            FeatureColumnName = fields.ReadString(),
            IdColumnName = OptionalName.Read(fields),
            NeighborCount = fields.ReadInt32() is var neighbors and not 0 ? neighbors : null,
            Metric = (Metric)fields.ReadInt32(),
            LargestDistance = fields.ReadBoolean() ? fields.ReadSingle() : null,
            LeavesOutSameId = fields.ReadBoolean(),
            IdsColumnName = fields.ReadString(),
            DistancesColumnName = fields.ReadString(),
            Index = IndexOptionsFormat.Read(fields),
        };
        int count = fields.ReadInt32();
        var columns = new List<StoredColumn>();
        while (columns.Count < count)
        {
            string name = fields.ReadString();
            columns.Add(StoredColumn.Empty(name, ReadType(fields)));
        }

        options = options with
        {
            StoredColumnNames = [.. columns.Select(column => column.Name)],
            GroupColumnName = hasGroups ? fields.ReadString() : null,
        };
        GroupType? groups = hasGroups ? GroupType.Read(fields) : null;
        options = options with
        {
            EncoderFingerprint = EncoderMark.Read(fields),
        };
        options.Validate();
        return (options, groups, columns);
    }

    /// <summary>Writes a code, marked where a vector's sizes follow.</summary>
    private static void WriteType(BinaryWriter fields, DataViewType type)
    {
        byte code = ValueFormat.CodeOf(StoredColumn.ItemOf(type));
        if (type is not VectorDataViewType vector)
        {
            fields.Write(code);
            return;
        }

        fields.Write((byte)(code | VectorMark));
        fields.Write(checked((byte)vector.Dimensions.Length));
        foreach (int size in vector.Dimensions) fields.Write(size);
    }

    private static DataViewType ReadType(BinaryReader fields)
    {
        byte code = fields.ReadByte();
        bool isVector = (code & VectorMark) != 0;
        PrimitiveDataViewType item = ValueFormat.TypeOf((byte)(code & ~VectorMark))
            ?? throw new FormatException($"The type of a stored column must be a known one. Got code {code}.");
        if (!isVector) return item;
        int[] sizes = new int[fields.ReadByte()];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = fields.ReadInt32();
        double product = sizes.Aggregate(1.0, (sum, size) => sum * size);
        if (sizes.Length == 0 || Array.Exists(sizes, size => size < 1) || product > Array.MaxLength)
        {
            throw new FormatException(
                $"The sizes of a stored vector must be at least 1 and their product at most {Array.MaxLength}. "
                + $"Got [{string.Join(", ", sizes)}].");
        }

        return new VectorDataViewType(item, sizes);
    }
}
