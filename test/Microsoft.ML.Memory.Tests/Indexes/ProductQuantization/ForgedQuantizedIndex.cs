// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

/// <summary>A saved index of one coded entry whose checksums are right whatever else is wrong.</summary>
internal sealed record ForgedQuantizedIndex
{
    public int Dimension { get; init; } = 2;

    public int Metric { get; init; } = 1;

    public int SubspaceCount { get; init; } = 1;

    public int TrainingCount { get; init; } = 1;

    public int Iterations { get; init; } = 1;

    public bool KeepsVectors { get; init; } = true;

    public int CandidateFactor { get; init; } = 1;

    public int Count { get; init; } = 1;

    public int TrainedSubspaces { get; init; } = 1;

    public long[] Ids { get; init; } = [5];

    public float[] Centroids { get; init; } = new float[2 * ProductQuantizer.CentroidCount];

    public byte[] Codes { get; init; } = [255];

    public float[] Vectors { get; init; } = [1, 2];

    public bool HasMoreFields { get; init; }

    public bool HasMoreSections { get; init; }

    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write("quantizedIndex", fields =>
        {
            fields.Write(Dimension);
            fields.Write(Metric);
            fields.Write(SubspaceCount);
            fields.Write(TrainingCount);
            fields.Write(Iterations);
            fields.Write(KeepsVectors);
            fields.Write(CandidateFactor);
            fields.Write(1L);
            fields.Write(Count);
            fields.Write(TrainedSubspaces);
            if (HasMoreFields) fields.Write(0);
        });
        writer.Write("ids", Ids);
        writer.Write("centroids", Centroids);
        writer.Write("codes", Codes);
        if (KeepsVectors) writer.Write("vectors", Vectors);
        if (HasMoreSections) writer.Write("more", Ids);
        writer.End();
        return stream.ToArray();
    }
}
