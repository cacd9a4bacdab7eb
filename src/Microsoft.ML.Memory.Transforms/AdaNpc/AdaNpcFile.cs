// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved adaptive classifier: options, classes, then the sections of its state.</summary>
internal static class AdaNpcFile
{
    public static void Write(Stream stream, AdaNpcOptions options, ClassTable classes, AdaptiveState start)
    {
        var writer = new SectionWriter(stream);
        writer.Write("adaNpc", fields => WriteOptions(fields, options));
        writer.Write("classes", fields => ClassTableFormat.Write(fields, classes));
        AdaptiveStateFormat.Write(writer, start);
        writer.End();
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static (AdaNpcOptions Options, ClassTable Classes, AdaptiveState Start) Read(Stream stream)
    {
        var reader = new SectionReader(stream);
        AdaNpcOptions options = reader.Read("adaNpc", ReadOptions);
        ClassTable classes = reader.Read("classes", ClassTableFormat.Read);
        AdaptiveState start = AdaptiveStateFormat.Read(reader);
        reader.EndFile();
        if (start.ClassCount != classes.Count)
            throw reader.Error($"must follow a state of {classes.Count} classes", $"{start.ClassCount}");
        int capacity = options.CapacityFrom(start.Memory.Count, classes.Count);
        if (capacity < Math.Max(start.Memory.Count, classes.Count))
        {
            throw reader.Error(
                $"must follow at most {capacity} entries and classes, the capacity",
                $"{start.Memory.Count} entries and {classes.Count} classes");
        }

        return (options, classes, start);
    }

    private static void WriteOptions(BinaryWriter fields, AdaNpcOptions options)
    {
        fields.Write(options.LabelColumnName);
        fields.Write(options.FeatureColumnName);
        OptionalName.Write(fields, options.IdColumnName);
        OptionalName.Write(fields, options.ConfidenceColumnName);
        fields.Write((int)options.NeighborColumns);
        fields.Write(options.NeighborCount);
        fields.Write(options.Temperature);
        fields.Write(options.ConfidenceThreshold);
        fields.Write((int)options.ConfidenceKind);
        fields.Write(options.BallSimilarity ?? double.NaN);
        fields.Write(options.ProbabilityFloor);
        fields.Write(options.BatchSize);
        fields.Write(options.Capacity ?? 0);
        fields.Write((int)options.Eviction);
        fields.Write(options.MatchStatistics);
        fields.Write(options.Seed);
        if (options.Index != new IndexOptions() || options.EncoderFingerprint is not null)
            IndexOptionsFormat.Write(fields, options.Index);
        EncoderMark.Write(fields, options.EncoderFingerprint);
    }

    private static AdaNpcOptions ReadOptions(BinaryReader fields)
    {
        var options = new AdaNpcOptions
        {
            LabelColumnName = fields.ReadString(),
            FeatureColumnName = fields.ReadString(),
            IdColumnName = OptionalName.Read(fields),
            ConfidenceColumnName = OptionalName.Read(fields),
            NeighborColumns = (NeighborColumns)fields.ReadInt32(),
            NeighborCount = fields.ReadInt32(),
            Temperature = fields.ReadDouble(),
            ConfidenceThreshold = fields.ReadDouble(),
            ConfidenceKind = (ConfidenceKind)fields.ReadInt32(),
            BallSimilarity = fields.ReadDouble() is var ball && double.IsNaN(ball) ? null : ball,
            ProbabilityFloor = fields.ReadDouble(),
            BatchSize = fields.ReadInt32(),
            Capacity = fields.ReadInt32() is var capacity && capacity == 0 ? null : capacity,
            Eviction = (EvictionKind)fields.ReadInt32(),
            MatchStatistics = fields.ReadBoolean(),
            Seed = fields.ReadInt64(),
        };
        if (fields.BaseStream.Position < fields.BaseStream.Length)
            options = options with { Index = IndexOptionsFormat.Read(fields) };
        options = options with { EncoderFingerprint = EncoderMark.Read(fields) };
        options.Validate();
        return options;
    }
}
