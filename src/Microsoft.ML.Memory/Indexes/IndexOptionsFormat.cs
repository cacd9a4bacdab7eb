// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads <see cref="IndexOptions"/> as fields of a section.</summary>
internal static class IndexOptionsFormat
{
    // All are in one byte, which said whether there is a graph before there was anything else.
    private const byte HasGraph = 1;
    private const byte HasQuantization = 2;
    private const byte HasTargetRecall = 4;

    public static void Write(BinaryWriter fields, IndexOptions options)
    {
        fields.Write((int)options.Strategy);
        fields.Write(options.MemoryBudget ?? -1);
        int parts = (options.Graph is null ? 0 : HasGraph)
            | (options.Quantization is null ? 0 : HasQuantization)
            | (options.TargetRecall is null ? 0 : HasTargetRecall);
        fields.Write((byte)parts);
        if (options.Graph is { } graph) Write(fields, graph);
        if (options.Quantization is { } quantization) Write(fields, quantization);
        if (options.TargetRecall is { } target) fields.Write(target);
    }

    /// <exception cref="FormatException">A field is not a known one.</exception>
    public static IndexOptions Read(BinaryReader fields)
    {
        var strategy = (SearchStrategy)fields.ReadInt32();
        long budget = fields.ReadInt64();
        byte parts = fields.ReadByte();
        if (parts > (HasGraph | HasQuantization | HasTargetRecall))
            throw new FormatException($"The settings of an index must be known ones. Got mark {parts}.");
        return new IndexOptions
        {
            Strategy = strategy,
            MemoryBudget = budget == -1 ? null : budget,
            Graph = (parts & HasGraph) != 0 ? ReadGraph(fields) : null,
            Quantization = (parts & HasQuantization) != 0 ? ReadQuantization(fields) : null,
            TargetRecall = (parts & HasTargetRecall) != 0 ? fields.ReadDouble() : null,
        };
    }

    /// <summary>Writes all settings of a graph but the number of threads.</summary>
    public static void Write(BinaryWriter fields, GraphSettings settings)
    {
        fields.Write(settings.LinkCount);
        fields.Write(settings.BuildCandidateCount);
        fields.Write(settings.SearchCandidateCount);
        fields.Write(settings.Seed);
        fields.Write((int)settings.Encoding);
    }

    public static GraphSettings ReadGraph(BinaryReader fields) => new()
    {
        LinkCount = fields.ReadInt32(),
        BuildCandidateCount = fields.ReadInt32(),
        SearchCandidateCount = fields.ReadInt32(),
        Seed = fields.ReadInt64(),
        Encoding = (VectorEncoding)fields.ReadInt32(),
    };

    public static void Write(BinaryWriter fields, QuantizedSettings settings)
    {
        fields.Write(settings.SubspaceCount ?? 0);
        fields.Write(settings.TrainingCount);
        fields.Write(settings.Iterations);
        fields.Write(settings.KeepVectors);
        fields.Write(settings.CandidateFactor);
        fields.Write(settings.Seed);
    }

    /// <summary>
    /// Reads settings; of more rounds than may be made, which could be saved before there was a bound, as many as may.
    /// </summary>
    public static QuantizedSettings ReadQuantization(BinaryReader fields) => new()
    {
        SubspaceCount = fields.ReadInt32() is var subspaces && subspaces == 0 ? null : subspaces,
        TrainingCount = fields.ReadInt32(),
        Iterations = Math.Min(fields.ReadInt32(), QuantizerTrainer.MostIterations),
        KeepVectors = fields.ReadBoolean(),
        CandidateFactor = fields.ReadInt32(),
        Seed = fields.ReadInt64(),
    };
}
