// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

/// <summary>A saved graph of two entries whose checksums are right whatever else is wrong.</summary>
internal sealed record ForgedGraph
{
    public int Dimension { get; init; } = 2;

    public int Metric { get; init; }

    public int Count { get; init; } = 2;

    public int LinkCount { get; init; } = 2;

    public int BuildCandidateCount { get; init; } = 5;

    public int SearchCandidateCount { get; init; } = 5;

    public int Encoding { get; init; }

    public ulong RandomState { get; init; } = 1;

    public long NextSequence { get; init; } = 9;

    public int Entry { get; init; } = 1;

    public float[] Centre { get; init; } = [];

    public int[] Starts { get; init; } = [];

    public long[] Ids { get; init; } = [4, 7];

    public long[] Sequences { get; init; } = [8, 3];

    public byte[] Levels { get; init; } = [0, 1];

    /// <summary>Null where a bank has them.</summary>
    public float[]? Vectors { get; init; } = [1, 2, 3, 4];

    public ushort[] LinkCounts { get; init; } = [1, 1, 0];

    public int[] Links { get; init; } = [1, 0];

    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write("graph", fields =>
        {
            fields.Write(Dimension);
            fields.Write(Metric);
            fields.Write(Count);
            fields.Write(LinkCount);
            fields.Write(BuildCandidateCount);
            fields.Write(SearchCandidateCount);
            fields.Write(0L);
            fields.Write(Encoding);
            for (int number = 0; number < 4; number++) fields.Write(RandomState);
            fields.Write(NextSequence);
            fields.Write(Entry);
            foreach (float value in Centre) fields.Write(value);
            foreach (int start in Starts) fields.Write(start);
        });
        writer.Write("ids", Ids);
        writer.Write("sequences", Sequences);
        writer.Write("levels", Levels);
        if (Vectors is not null) writer.Write("vectors", Vectors);
        writer.Write("link-counts", LinkCounts);
        writer.Write("links", Links);
        writer.End();
        return stream.ToArray();
    }
}
