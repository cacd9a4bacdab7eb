// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The first section of a saved bank: what the sections after it have to fit.</summary>
/// <param name="Dimension">Length d of a key.</param>
/// <param name="Metric">How far apart two keys are.</param>
/// <param name="Count">Number of entries.</param>
/// <param name="NextId">Ids are below.</param>
/// <param name="NextSequence">Sequence numbers are below.</param>
/// <param name="Encoding">How keys are written, where they are.</param>
/// <param name="GraphEnd">Where the graph ends; null where there is none.</param>
/// <param name="RefusedCount">Number of entries when a graph was refused; null where none was.</param>
/// <param name="Quantization">What keys are coded by; null where they are not.</param>
internal sealed record BankFields(
    int Dimension,
    Metric Metric,
    int Count,
    long NextId,
    long NextSequence,
    KeyEncoding Encoding,
    long? GraphEnd,
    int? RefusedCount,
    QuantizedSettings? Quantization)
{
    private const string Section = "bank";

    /// <summary>Whether keys are written, and not their codes alone.</summary>
    public bool HasKeys => Quantization?.KeepVectors != false;

    public void Write(SectionWriter writer) => writer.Write(Section, fields =>
    {
        fields.Write(Dimension);
        fields.Write((int)Metric);
        fields.Write(Count);
        fields.Write(NextId);
        fields.Write(NextSequence);
        if (Quantization is not null)
        {
            fields.Write((byte)KeyEncoding.Quantized);
            IndexOptionsFormat.Write(fields, Quantization);
        }

        if (HasKeys) fields.Write((byte)Encoding);
        if (GraphEnd is { } end) fields.Write(end);
        else if (RefusedCount is { } count) fields.Write(count); // without either as the first version wrote it
    });

    /// <exception cref="InvalidDataException">A field is out of its range.</exception>
    public static BankFields Read(SectionReader reader)
    {
        BankFields bank = reader.Read(Section, Read);
        if (bank.Dimension is < 1 or > MemoryBank.LargestDimension)
        {
            throw reader.Error(
                $"must have a dimension in [1, {MemoryBank.LargestDimension}]", $"{bank.Dimension}");
        }

        if (!Enum.IsDefined(bank.Metric)) throw reader.Error("must have a known metric", $"{(int)bank.Metric}");
        if (bank.Encoding > KeyEncoding.Scrambled)
            throw reader.Error("must have a known encoding of keys", $"{(int)bank.Encoding}");
        if (bank.NextId < 0) throw reader.Error("must have a next id of at least 0", $"{bank.NextId}");
        if (bank.NextSequence < 0)
            throw reader.Error("must have a next sequence number of at least 0", $"{bank.NextSequence}");
        if (bank.Count < 0) throw reader.Error("must have at least 0 entries", $"{bank.Count}");
        if (bank.GraphEnd < 0 || bank.GraphEnd > bank.NextSequence)
            throw reader.Error($"must have a graph that ends in [0, {bank.NextSequence}]", $"{bank.GraphEnd}");
        if (bank.RefusedCount < 2)
            throw reader.Error("must have refused a graph of at least 2 entries", $"{bank.RefusedCount}");
        if (bank.Quantization?.SubspaceCount > bank.Dimension)
        {
            throw reader.Error(
                $"must have at most {bank.Dimension} subspaces", $"{bank.Quantization.SubspaceCount}");
        }

        return bank;
    }

    private static BankFields Read(BinaryReader fields)
    {
        int dimension = fields.ReadInt32();
        var metric = (Metric)fields.ReadInt32();
        int count = fields.ReadInt32();
        long nextId = fields.ReadInt64();
        long nextSequence = fields.ReadInt64();
        var encoding = (KeyEncoding)fields.ReadByte();
        if (encoding == KeyEncoding.Quantized)
        {
            QuantizedSettings settings = IndexOptionsFormat.ReadQuantization(fields);
            settings.Validate();
            encoding = settings.KeepVectors ? (KeyEncoding)fields.ReadByte() : default;
            return new BankFields(dimension, metric, count, nextId, nextSequence, encoding, null, null, settings);
        }

        long left = fields.BaseStream.Length - fields.BaseStream.Position;
        int? refused = left == sizeof(int) ? fields.ReadInt32() : null; // the end of a graph takes twice as many bytes
        long? graphEnd = left > sizeof(int) ? fields.ReadInt64() : null;
        return new BankFields(dimension, metric, count, nextId, nextSequence, encoding, graphEnd, refused, null);
    }
}
