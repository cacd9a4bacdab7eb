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

    /// <summary>What keys are coded by; null where they are not.</summary>
    public QuantizedSettings? Quantization { get; init; }

    public float[] Centroids { get; init; } = new float[2 * ProductQuantizer.CentroidCount];

    public byte[] Codes { get; init; } = [255];

    public bool HasMoreFields { get; init; }

    private bool HasKeys => Quantization?.KeepVectors != false;

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
            if (Quantization is not null)
            {
                fields.Write((byte)KeyEncoding.Quantized);
                IndexOptionsFormat.Write(fields, Quantization);
            }

            if (HasKeys) fields.Write(Encoding);
            if (HasMoreFields) fields.Write(0);
        });
        writer.Write("ids", Ids);
        writer.Write("sequences", Sequences);
        writer.Write("labels", Labels);
        writer.Write("weights", Weights);
        writer.Write("origins", Origins);
        if (Quantization is not null) writer.Write("centroids", Centroids);
        if (HasKeys) writer.Write("keys", Keys);
        if (Quantization is not null) writer.Write("codes", Codes);
        writer.End();
        return stream.ToArray();
    }
}
