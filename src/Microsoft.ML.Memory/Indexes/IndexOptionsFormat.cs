// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads <see cref="IndexOptions"/> as fields of a section.</summary>
internal static class IndexOptionsFormat
{
    public static void Write(BinaryWriter fields, IndexOptions options)
    {
        fields.Write((int)options.Strategy);
        fields.Write(options.MemoryBudget ?? -1);
        fields.Write(options.Graph is not null);
        if (options.Graph is { } graph) Write(fields, graph);
    }

    public static IndexOptions Read(BinaryReader fields) => new()
    {
        Strategy = (SearchStrategy)fields.ReadInt32(),
        MemoryBudget = fields.ReadInt64() is var budget && budget == -1 ? null : budget,
        Graph = fields.ReadBoolean() ? ReadGraph(fields) : null,
    };

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
}
