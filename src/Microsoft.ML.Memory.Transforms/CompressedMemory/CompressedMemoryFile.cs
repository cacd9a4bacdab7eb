// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved compressed memory: options, classes, the bank, then the correction.
/// </summary>
internal static class CompressedMemoryFile
{
    public static void Write(Stream stream, CompressedMemoryTransformer model)
    {
        var writer = new SectionWriter(stream);
        writer.Write("compressedMemory", fields => WriteOptions(fields, model.Options));
        writer.Write("classes", fields => ClassTableFormat.Write(fields, model.Classes));
        CompressedBankFormat.Write(writer, model.Model);
        writer.Write("correctionDown", model.Correction?.Down ?? []);
        writer.Write("correctionKeyUp", model.Correction?.KeyUp ?? []);
        writer.Write("correctionValueUp", model.Correction?.ValueUp ?? []);
        writer.End();
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static CompressedMemoryTransformer Read(Stream stream, IHostEnvironment environment)
    {
        var reader = new SectionReader(stream);
        CompressedMemoryOptions others = reader.Read("compressedMemory", ReadOptions);
        ClassTable classes = reader.Read("classes", ClassTableFormat.Read);
        CompressedBank bank = CompressedBankFormat.Read(reader);
        CodeCorrection? correction = ReadCorrection(reader, others, bank);
        reader.EndFile();
        if (bank.ClassCount != classes.Count)
            throw reader.Error($"must follow a bank of {classes.Count} classes", $"{bank.ClassCount}");
        var options = new CompressedMemoryOptions(bank.Codebook.Settings)
        {
            LabelColumnName = others.LabelColumnName,
            FeatureColumnName = others.FeatureColumnName,
            IdColumnName = others.IdColumnName,
            Read = others.Read,
            Gamma = others.Gamma,
            CorrectionRank = others.CorrectionRank,
            CorrectionAlpha = others.CorrectionAlpha,
            CorrectionEpochs = others.CorrectionEpochs,
            EncoderFingerprint = others.EncoderFingerprint,
        };
        return new CompressedMemoryTransformer(environment, options, bank, classes, correction);
    }

    private static CodeCorrection? ReadCorrection(
        SectionReader reader, CompressedMemoryOptions options, CompressedBank bank)
    {
        int rank = options.CorrectionRank;
        float[] down = ReadPart(reader, "correctionDown", (long)rank * bank.Codebook.Dimension);
        float[] keyUp = ReadPart(reader, "correctionKeyUp", down.Length);
        float[] valueUp = reader.ReadAll<float>("correctionValueUp");
        bool fits = down.Length == 0
            ? valueUp.Length == 0
            : valueUp.Length % rank == 0 && valueUp.Length / rank <= bank.ClassCount;
        if (!fits) throw reader.Error("must hold a row for each of the first classes", $"{valueUp.Length} values");
        reader.RequireFinite(valueUp);
        if (down.Length == 0) return null;
        if (keyUp.Length != down.Length) throw reader.Error("must follow keys with a correction", "keys without one");
        var correction = new CodeCorrection(down, keyUp, valueUp, rank, options.CorrectionAlpha);
        return correction.FindOverflow(bank.Codebook) is not { } code
            ? correction
            : throw reader.Error("must leave the keys of all codes finite", $"another number for code {code}");
    }

    private static float[] ReadPart(SectionReader reader, string name, long length)
    {
        float[] values = reader.ReadAll<float>(name);
        if (values.Length != 0 && values.Length != length)
            throw reader.Error($"must hold none or {length} values", $"{values.Length}");
        return reader.RequireFinite(values);
    }

    private static void WriteOptions(BinaryWriter fields, CompressedMemoryOptions options)
    {
        fields.Write(options.LabelColumnName);
        fields.Write(options.FeatureColumnName);
        OptionalName.Write(fields, options.IdColumnName);
        fields.Write((int)options.Read);
        fields.Write(options.Gamma);
        fields.Write(options.CorrectionRank);
        fields.Write(options.CorrectionAlpha);
        fields.Write(options.CorrectionEpochs);
        EncoderMark.Write(fields, options.EncoderFingerprint);
    }

    private static CompressedMemoryOptions ReadOptions(BinaryReader fields)
    {
        var options = new CompressedMemoryOptions
        {
            LabelColumnName = fields.ReadString(),
            FeatureColumnName = fields.ReadString(),
            IdColumnName = OptionalName.Read(fields),
            Read = (CodeRead)fields.ReadInt32(),
            Gamma = fields.ReadDouble(),
            CorrectionRank = fields.ReadInt32(),
            CorrectionAlpha = fields.ReadDouble(),
            CorrectionEpochs = fields.ReadInt32(),
            EncoderFingerprint = EncoderMark.Read(fields),
        };
        options.Validate();
        return options;
    }
}
