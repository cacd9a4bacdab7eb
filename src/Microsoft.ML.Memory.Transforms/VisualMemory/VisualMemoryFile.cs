// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved visual memory: options, classes, the bank's sections, those of its trust.</summary>
internal static class VisualMemoryFile
{
    public static void Write(Stream stream, VisualMemoryTransformer memory)
    {
        VisualMemoryOptions options = memory.Options;
        var writer = new SectionWriter(stream);
        writer.Write("visualMemory", fields => WriteOptions(fields, options));
        writer.Write("classes", fields => ClassTableFormat.Write(fields, memory.Levels.Leaves));
        BankFormat.Write(writer, memory.Model);
        if (options.HasTrust) TrustFormat.Write(writer, options, memory.Model, memory.HeldOut, memory.Trust);
        writer.End();
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static SavedMemory Read(Stream stream)
    {
        var reader = new SectionReader(stream);
        VisualMemoryOptions options = reader.Read("visualMemory", ReadOptions);
        ClassTable classes = reader.Read("classes", ClassTableFormat.Read);
        BankSnapshot memory = BankFormat.Read(reader);
        if (memory.Metric != options.Metric)
            throw reader.Error($"must follow a bank of metric {options.Metric}", $"{memory.Metric}");
        MemoryIndexing.Require(reader, options.Index, memory.Dimension);
        foreach (Entry entry in memory.Entries)
        {
            if (entry.Label >= classes.Count)
                throw reader.Error($"must follow labels below {classes.Count}", $"{entry.Label} for id {entry.Id}");
        }

        var levels = new ClassLevels(classes, options.ClassMap);
        (HeldOutFit HeldOut, MemoryTrust? Trust) saved = options.HasTrust
            ? TrustFormat.Read(reader, options, memory, levels.Voted.Count)
            : (HeldOutFit.None, null);
        reader.EndFile();
        return new SavedMemory(options, levels, memory, saved.HeldOut, saved.Trust);
    }

    private static void WriteOptions(BinaryWriter fields, VisualMemoryOptions options)
    {
        fields.Write(options.LabelColumnName);
        fields.Write(options.FeatureColumnName);
        OptionalName.Write(fields, options.ExampleWeightColumnName);
        OptionalName.Write(fields, options.IdColumnName);
        fields.Write(options.NeighborCount);
        fields.Write((int)options.Metric);
        fields.Write((int)options.Vote);
        fields.Write(options.RankOffset);
        fields.Write(options.DistanceExponent);
        fields.Write(options.Temperature);
        fields.Write((int)options.TieBreak);
        fields.Write((int)options.NeighborColumns);
        bool hasIndex = options.Index != new IndexOptions() || options.EncoderFingerprint is not null;
        if (!options.HasTrust && options.CandidateColumnName is null && !hasIndex) return;

        // Later settings are written only where one is used: other files stay as the first version wrote them.
        OptionalName.Write(fields, options.CandidateColumnName);
        fields.Write(options.HasTrust);
        if (options.HasTrust) TrustFormat.WriteOptions(fields, options);
        if (hasIndex) IndexOptionsFormat.Write(fields, options.Index);
        EncoderMark.Write(fields, options.EncoderFingerprint);
    }

    private static VisualMemoryOptions ReadOptions(BinaryReader fields)
    {
        var options = new VisualMemoryOptions
        {
            LabelColumnName = fields.ReadString(),
            FeatureColumnName = fields.ReadString(),
            ExampleWeightColumnName = OptionalName.Read(fields),
            IdColumnName = OptionalName.Read(fields),
            NeighborCount = fields.ReadInt32(),
            Metric = (Metric)fields.ReadInt32(),
            Vote = (VoteKind)fields.ReadInt32(),
            RankOffset = fields.ReadDouble(),
            DistanceExponent = fields.ReadDouble(),
            Temperature = fields.ReadDouble(),
            TieBreak = (TieBreak)fields.ReadInt32(),
            NeighborColumns = (NeighborColumns)fields.ReadInt32(),
        };
        if (fields.BaseStream.Position < fields.BaseStream.Length)
        {
            options = options with { CandidateColumnName = OptionalName.Read(fields) };
            if (fields.ReadBoolean()) options = TrustFormat.ReadOptions(fields, options);
            if (fields.BaseStream.Position < fields.BaseStream.Length)
                options = options with { Index = IndexOptionsFormat.Read(fields) };
            options = options with { EncoderFingerprint = EncoderMark.Read(fields) };
        }

        options.Validate();
        return options;
    }
}
