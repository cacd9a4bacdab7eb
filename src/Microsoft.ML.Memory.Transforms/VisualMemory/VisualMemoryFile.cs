// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved visual memory: options, classes, then the bank's sections.</summary>
internal static class VisualMemoryFile
{
    public static void Write(Stream stream, VisualMemoryOptions options, ClassTable classes, BankSnapshot memory)
    {
        var writer = new SectionWriter(stream);
        writer.Write("visualMemory", fields => WriteOptions(fields, options));
        writer.Write("classes", fields => ClassTableFormat.Write(fields, classes));
        BankFormat.Write(writer, memory);
        writer.End();
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static (VisualMemoryOptions Options, ClassTable Classes, BankSnapshot Memory) Read(Stream stream)
    {
        var reader = new SectionReader(stream);
        VisualMemoryOptions options = reader.Read("visualMemory", ReadOptions);
        ClassTable classes = reader.Read("classes", ClassTableFormat.Read);
        BankSnapshot memory = BankFormat.Read(reader);
        reader.EndFile();
        if (memory.Metric != options.Metric)
            throw reader.Error($"must follow a bank of metric {options.Metric}", $"{memory.Metric}");
        foreach (Entry entry in memory.Entries)
        {
            if (entry.Label >= classes.Count)
                throw reader.Error($"must follow labels below {classes.Count}", $"{entry.Label} for id {entry.Id}");
        }

        return (options, classes, memory);
    }

    private static void WriteOptions(BinaryWriter fields, VisualMemoryOptions options)
    {
        fields.Write(options.LabelColumnName);
        fields.Write(options.FeatureColumnName);
        fields.Write(options.ExampleWeightColumnName ?? "");
        fields.Write(options.IdColumnName ?? "");
        fields.Write(options.NeighborCount);
        fields.Write((int)options.Metric);
        fields.Write((int)options.Vote);
        fields.Write(options.RankOffset);
        fields.Write(options.DistanceExponent);
        fields.Write(options.Temperature);
        fields.Write((int)options.TieBreak);
        fields.Write((int)options.NeighborColumns);
    }

    private static VisualMemoryOptions ReadOptions(BinaryReader fields)
    {
        var options = new VisualMemoryOptions
        {
            LabelColumnName = fields.ReadString(),
            FeatureColumnName = fields.ReadString(),
            ExampleWeightColumnName = NullIfEmpty(fields.ReadString()),
            IdColumnName = NullIfEmpty(fields.ReadString()),
            NeighborCount = fields.ReadInt32(),
            Metric = (Metric)fields.ReadInt32(),
            Vote = (VoteKind)fields.ReadInt32(),
            RankOffset = fields.ReadDouble(),
            DistanceExponent = fields.ReadDouble(),
            Temperature = fields.ReadDouble(),
            TieBreak = (TieBreak)fields.ReadInt32(),
            NeighborColumns = (NeighborColumns)fields.ReadInt32(),
        };
        options.Validate();
        return options;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
