// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads the sections of a compressed bank: its codebook, then codes, classes and ids.</summary>
internal static class CompressedBankFormat
{
    public static void Write(SectionWriter writer, CompressedBank bank)
    {
        writer.Write("codebook", fields =>
        {
            WriteSettings(fields, bank.Codebook.Settings);
            fields.Write(bank.Codebook.Dimension);
        });
        writer.Write("codes", bank.Codebook.Codes);
        writer.Write("compressedBank", fields =>
        {
            fields.Write(bank.ClassCount);
            fields.Write(bank.Count);
            fields.Write(bank.NextId);
        });
        writer.Write("packedCodes", bank.Codes.Bytes.ToArray());
        writer.Write("packedLabels", bank.Labels.Bytes.ToArray());
        writer.Write("entryIds", bank.Ids.ToArray());
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static CompressedBank Read(SectionReader reader)
    {
        Codebook codebook = ReadCodebook(reader);
        (int classCount, int count, long nextId) = reader.Read(
            "compressedBank", fields => (fields.ReadInt32(), fields.ReadInt32(), fields.ReadInt64()));
        if (classCount < 1) throw reader.Error("must have at least 1 class", $"{classCount}");
        if ((long)classCount * codebook.Count > Array.MaxLength)
            throw reader.Error($"must have at most {Array.MaxLength / codebook.Count} classes", $"{classCount}");
        if (count < 0) throw reader.Error("must have at least 0 entries", $"{count}");
        if (nextId < 0) throw reader.Error("must have a next id of at least 0", $"{nextId}");
        int[] codes = ReadPacked(reader, "packedCodes", count, codebook.Count);
        int[] labels = ReadPacked(reader, "packedLabels", count, classCount);
        long[] ids = reader.ReadAll<long>("entryIds", count);
        var seen = new HashSet<long>();
        foreach (long id in ids)
        {
            if (id >= nextId) throw reader.Error($"must be below the next id, {nextId}", $"{id}");
            if (!seen.Add(id)) throw reader.Error("must differ", $"{id} twice");
        }

        return new CompressedBank(codebook, classCount, codes, labels, ids, nextId);
    }

    private static Codebook ReadCodebook(SectionReader reader)
    {
        (CodebookSettings settings, int dimension) = reader.Read(
            "codebook", fields => (ReadSettings(fields), fields.ReadInt32()));
        if (dimension is < 1 or > MemoryBank.LargestDimension)
            throw reader.Error($"must have a dimension in [1, {MemoryBank.LargestDimension}]", $"{dimension}");
        long length = (long)settings.CodeCount * dimension;
        if (length > Array.MaxLength)
            throw reader.Error($"must announce at most {Array.MaxLength} values", $"{length}");
        float[] codes = reader.RequireFinite(reader.ReadAll<float>("codes", (int)length));
        return new Codebook(settings, codes, dimension);
    }

    private static int[] ReadPacked(SectionReader reader, string name, int count, int bound)
    {
        int bits = PackedCodes.BitsFor(bound);
        long length = PackedCodes.BytesFor(count, bits);
        if (length > Array.MaxLength) throw reader.Error($"must announce at most {Array.MaxLength} bytes", $"{length}");
        byte[] bytes = reader.ReadAll<byte>(name, (int)length);
        int left = (int)((length * 8) - ((long)count * bits));
        if (left > 0 && bytes[^1] >> (8 - left) != 0) throw reader.Error("must end in bits of 0", "others");
        int[] values = new PackedCodes(bytes, count, bits).Unpack();
        int wrong = Array.FindIndex(values, value => value >= bound);
        return wrong < 0 ? values : throw reader.Error($"must be below {bound}", $"{values[wrong]}");
    }

    private static void WriteSettings(BinaryWriter fields, CodebookSettings settings)
    {
        fields.Write(settings.CodeCount);
        fields.Write(settings.NormalizeFeatures);
        fields.Write(settings.CommitmentWeight);
        fields.Write(settings.LearningRate);
        fields.Write(settings.Epochs);
        fields.Write(settings.BatchSize);
        fields.Write(settings.Shuffle);
        fields.Write(settings.UsageDecay);
        fields.Write((int)settings.Reset);
        fields.Write(settings.ResetThreshold);
        fields.Write(settings.ClearMoments);
        fields.Write(settings.Seed);
    }

    private static CodebookSettings ReadSettings(BinaryReader fields)
    {
        var settings = new CodebookSettings
        {
            CodeCount = fields.ReadInt32(),
            NormalizeFeatures = fields.ReadBoolean(),
            CommitmentWeight = fields.ReadDouble(),
            LearningRate = fields.ReadDouble(),
            Epochs = fields.ReadInt32(),
            BatchSize = fields.ReadInt32(),
            Shuffle = fields.ReadBoolean(),
            UsageDecay = fields.ReadDouble(),
            Reset = (CodeReset)fields.ReadInt32(),
            ResetThreshold = fields.ReadDouble(),
            ClearMoments = fields.ReadBoolean(),
            Seed = fields.ReadInt64(),
        };
        var violations = new OptionViolations(nameof(CodebookSettings));
        settings.Validate(violations);
        violations.ThrowIfAny();
        return settings;
    }
}
