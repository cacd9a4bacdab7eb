// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved compressed memory: options, classes, the bank, then the correction of keys.
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
        writer.Write("correctionUp", model.Correction?.Up ?? []);
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
        KeyCorrection? correction = ReadCorrection(reader, others, bank.Codebook.Dimension);
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
        };
        return new CompressedMemoryTransformer(environment, options, bank, classes, correction);
    }

    private static KeyCorrection? ReadCorrection(
        SectionReader reader, CompressedMemoryOptions options, int dimension)
    {
        long length = (long)options.CorrectionRank * dimension;
        float[] down = ReadHalf(reader, "correctionDown", length);
        float[] up = ReadHalf(reader, "correctionUp", down.Length);
        return down.Length == 0
            ? null
            : new KeyCorrection(down, up, options.CorrectionRank, options.CorrectionAlpha);
    }

    private static float[] ReadHalf(SectionReader reader, string name, long length)
    {
        float[] values = reader.ReadAll<float>(name);
        if (values.Length != 0 && values.Length != length)
            throw reader.Error($"must hold none or {length} values", $"{values.Length}");
        if (!Array.TrueForAll(values, float.IsFinite)) throw reader.Error("must be finite", "NaN or infinity");
        return values;
    }

    private static void WriteOptions(BinaryWriter fields, CompressedMemoryOptions options)
    {
        fields.Write(options.LabelColumnName);
        fields.Write(options.FeatureColumnName);
        fields.Write(options.IdColumnName ?? "");
        fields.Write((int)options.Read);
        fields.Write(options.Gamma);
        fields.Write(options.CorrectionRank);
        fields.Write(options.CorrectionAlpha);
        fields.Write(options.CorrectionEpochs);
    }

    private static CompressedMemoryOptions ReadOptions(BinaryReader fields)
    {
        var options = new CompressedMemoryOptions
        {
            LabelColumnName = fields.ReadString(),
            FeatureColumnName = fields.ReadString(),
            IdColumnName = fields.ReadString() is { Length: > 0 } id ? id : null,
            Read = (CodeRead)fields.ReadInt32(),
            Gamma = fields.ReadDouble(),
            CorrectionRank = fields.ReadInt32(),
            CorrectionAlpha = fields.ReadDouble(),
            CorrectionEpochs = fields.ReadInt32(),
        };
        options.Validate();
        return options;
    }
}
