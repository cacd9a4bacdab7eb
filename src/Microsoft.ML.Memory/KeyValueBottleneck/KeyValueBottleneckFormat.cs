// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads the sections of a bottleneck: settings, shape, then its arrays.</summary>
internal static class KeyValueBottleneckFormat
{
    public static void Write(SectionWriter writer, KeyValueBottleneck model)
    {
        writer.Write("bottleneck", fields =>
        {
            WriteSettings(fields, model.Settings);
            fields.Write(model.Dimension);
            fields.Write(model.ClassCount);
        });
        writer.Write("projections", model.Inputs.Columns ?? []);
        writer.Write("bottleneckKeys", model.Keys);
        writer.Write("values", model.Table.Values);
        writer.Write("uses", model.Table.Uses);
        writer.Write("classRows", model.ClassRows.ToArray());
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static KeyValueBottleneck Read(SectionReader reader)
    {
        (BottleneckSettings settings, int dimension, int classCount) = reader.Read(
            "bottleneck", fields => (ReadSettings(fields), fields.ReadInt32(), fields.ReadInt32()));
        if (dimension is < 1 or > MemoryBank.LargestDimension)
            throw reader.Error($"must have a dimension in [1, {MemoryBank.LargestDimension}]", $"{dimension}");
        if (classCount < 0) throw reader.Error("must have at least 0 classes", $"{classCount}");
        bool isProjected = settings.Split == HeadSplit.RandomProjection;
        if (!isProjected && dimension % settings.HeadCount != 0)
            throw reader.Error($"must have a dimension that {settings.HeadCount} heads divide", $"{dimension}");
        int keyDimension = settings.KeyDimensionFor(dimension);
        long heads = settings.HeadCount;
        long pairs = heads * settings.PairCount;

        // Sizes are compared as whole numbers of 128 bits: three factors of 31 bits can pass 64.
        float[] columns = ReadFinite(
            reader, "projections", isProjected ? (Int128)heads * keyDimension * dimension : 0);
        float[] keys = ReadFinite(reader, "bottleneckKeys", (Int128)pairs * keyDimension);
        float[] values = ReadFinite(reader, "values", (Int128)pairs * classCount);
        long[] uses = reader.ReadAll<long>("uses", CheckedCount(reader, pairs));
        int wrong = Array.FindIndex(uses, count => count < 0);
        if (wrong >= 0) throw reader.Error("must be at least 0", $"{uses[wrong]}");
        long[] classRows = reader.ReadAll<long>("classRows", classCount);
        wrong = Array.FindIndex(classRows, count => count < 0);
        if (wrong >= 0) throw reader.Error("must be at least 0", $"{classRows[wrong]}");
        long most = long.MaxValue / 2 / Math.Max(1, classCount); // so that their sum does not overflow
        wrong = Array.FindIndex(classRows, count => count > most);
        if (wrong >= 0) throw reader.Error($"must be at most {most}", $"{classRows[wrong]}");
        return new KeyValueBottleneck(
            settings,
            HeadInputs.Restore(isProjected ? columns : null, dimension, settings.HeadCount, keyDimension),
            keys,
            new ValueTable(settings.HeadCount, settings.PairCount, classCount, values, uses),
            classRows);
    }

    private static float[] ReadFinite(SectionReader reader, string name, Int128 count)
        => reader.RequireFinite(reader.ReadAll<float>(name, CheckedCount(reader, count)));

    private static int CheckedCount(SectionReader reader, Int128 count)
        => count <= Array.MaxLength
            ? (int)count
            : throw reader.Error($"must announce arrays of at most {Array.MaxLength} values", $"{count}");

    private static void WriteSettings(BinaryWriter fields, BottleneckSettings settings)
    {
        fields.Write(settings.HeadCount);
        fields.Write(settings.PairCount);
        fields.Write(settings.KeyDimension);
        fields.Write((int)settings.Split);
        fields.Write(settings.NormalizeFeatures);
        fields.Write((int)settings.KeyStart);
        fields.Write(settings.KeyDecay);
        fields.Write(settings.KeyEpsilon);
        fields.Write(settings.DeadKeyFactor);
        fields.Write(settings.KeyEpochs);
        fields.Write(settings.FetchCount);
        fields.Write((int)settings.ValueStart);
        fields.Write(settings.LearningRate);
        fields.Write((int)settings.LearningRateScale);
        fields.Write(settings.LabelSmoothing);
        fields.Write(settings.GradientClip ?? double.NaN);
        fields.Write(settings.Epochs);
        fields.Write(settings.BatchSize);
        fields.Write(settings.Shuffle);
        fields.Write(settings.MaskUnusedPairs);
        fields.Write(settings.Seed);
    }

    private static BottleneckSettings ReadSettings(BinaryReader fields)
    {
        var settings = new BottleneckSettings
        {
            HeadCount = fields.ReadInt32(),
            PairCount = fields.ReadInt32(),
            KeyDimension = fields.ReadInt32(),
            Split = (HeadSplit)fields.ReadInt32(),
            NormalizeFeatures = fields.ReadBoolean(),
            KeyStart = (KeyStart)fields.ReadInt32(),
            KeyDecay = fields.ReadDouble(),
            KeyEpsilon = fields.ReadDouble(),
            DeadKeyFactor = fields.ReadDouble(),
            KeyEpochs = fields.ReadInt32(),
            FetchCount = fields.ReadInt32(),
            ValueStart = (ValueStart)fields.ReadInt32(),
            LearningRate = fields.ReadDouble(),
            LearningRateScale = (LearningRateScale)fields.ReadInt32(),
            LabelSmoothing = fields.ReadDouble(),
            GradientClip = fields.ReadDouble() is var clip && double.IsNaN(clip) ? null : clip,
            Epochs = fields.ReadInt32(),
            BatchSize = fields.ReadInt32(),
            Shuffle = fields.ReadBoolean(),
            MaskUnusedPairs = fields.ReadBoolean(),
            Seed = fields.ReadInt64(),
        };
        var violations = new OptionViolations(nameof(BottleneckSettings));
        settings.Validate(violations);
        violations.ThrowIfAny();
        return settings;
    }
}
