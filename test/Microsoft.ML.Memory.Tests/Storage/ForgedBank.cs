// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Storage;

/// <summary>A saved bank of one entry whose checksums are right whatever else is wrong.</summary>
internal sealed record ForgedBank
{
    public int Dimension { get; init; } = 2;

    public int Metric { get; init; }

    public int Count { get; init; } = 1;

    public long NextId { get; init; } = 1;

    public long NextSequence { get; init; } = 1;

    public byte Encoding { get; init; }

    public long[] Ids { get; init; } = [0];

    public long[] Sequences { get; init; } = [0];

    public int[] Labels { get; init; } = [0];

    public float[] Weights { get; init; } = [1];

    public byte[] Origins { get; init; } = [0];

    public float[] Keys { get; init; } = [1, 2];

    public bool HasMoreFields { get; init; }

    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write("bank", fields =>
        {
            fields.Write(Dimension);
            fields.Write(Metric);
            fields.Write(Count);
            fields.Write(NextId);
            fields.Write(NextSequence);
            fields.Write(Encoding);
            if (HasMoreFields) fields.Write(0);
        });
        writer.Write("ids", Ids);
        writer.Write("sequences", Sequences);
        writer.Write("labels", Labels);
        writer.Write("weights", Weights);
        writer.Write("origins", Origins);
        writer.Write("keys", Keys);
        writer.End();
        return stream.ToArray();
    }
}
