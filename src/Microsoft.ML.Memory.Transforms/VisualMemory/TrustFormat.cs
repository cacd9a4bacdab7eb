// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads what a memory has learnt about itself, and the options that ask for it.</summary>
/// <remarks>
/// Only where an option asks for any of it: other files are the same as before there was such a thing. The options
/// follow the others in their section; the sections follow those of the bank.
/// </remarks>
internal static class TrustFormat
{
    private const int NoMap = -1;

    public static void WriteOptions(BinaryWriter fields, VisualMemoryOptions options)
    {
        PruningOptions pruning = options.Pruning;
        fields.Write((int)pruning.Kind);
        fields.Write(pruning.NeighborCount ?? 0);
        fields.Write(pruning.Threshold ?? 0);
        fields.Write(pruning.Gain);
        fields.Write(pruning.Offset);
        fields.Write((int)options.Calibration);
        fields.Write(options.Rejection is not null);
        fields.Write((int)(options.Rejection?.Score ?? 0));
        fields.Write(options.Rejection?.KeptRate ?? 0);
        fields.Write(options.ClassMap?.Ancestors.Count ?? NoMap);
        foreach ((string leaf, string ancestor) in options.ClassMap?.Ancestors ?? new Dictionary<string, string>())
        {
            fields.Write(leaf);
            fields.Write(ancestor);
        }
    }

    public static VisualMemoryOptions ReadOptions(BinaryReader fields, VisualMemoryOptions options)
    {
        var pruning = new PruningOptions
        {
            Kind = (PruningKind)fields.ReadInt32(),
            NeighborCount = NullIfZero(fields.ReadInt32()),
            Threshold = NullIfZero(fields.ReadInt32()),
            Gain = fields.ReadDouble(),
            Offset = fields.ReadDouble(),
        };
        var calibration = (CalibrationKind)fields.ReadInt32();
        bool isRejecting = fields.ReadBoolean();
        var rejection = new RejectionOptions
        {
            Score = (UnknownScoreKind)fields.ReadInt32(),
            KeptRate = fields.ReadDouble(),
        };
        return options with
        {
            Pruning = pruning,
            Calibration = calibration,
            Rejection = isRejecting ? rejection : null,
            ClassMap = ReadMap(fields),
        };
    }

    public static void Write(
        SectionWriter writer, VisualMemoryOptions options, BankSnapshot memory, HeldOutFit heldOut, MemoryTrust trust)
    {
        writer.Write("trust", fields =>
        {
            fields.Write(heldOut.Temperature is not null);
            fields.Write(heldOut.Known is not null);
            fields.Write(trust.Temperature?.Temperature ?? 1);
        });
        if (trust.Pruning is { } pruning)
        {
            int[] positions = [.. memory.Entries.Select(entry => entry.Position)];
            writer.Write("wrong", Array.ConvertAll(positions, pruning.Reliability.WrongOf));
            writer.Write("correct", Array.ConvertAll(positions, pruning.Reliability.CorrectOf));
        }

        if (options.Rejection is null) return;
        writer.Write("knownScores", trust.Known!.Quantiles);
        writer.Write("classMedians", trust.Medians);
    }

    /// <exception cref="InvalidDataException">The content breaks a rule; the message names section and offset.
    /// </exception>
    public static (HeldOutFit HeldOut, MemoryTrust Trust) Read(
        SectionReader reader, VisualMemoryOptions options, BankSnapshot memory, int classCount)
    {
        (bool isHeldTemperature, bool isHeldKnown, PowerTemperature fitted) = reader.Read(
            "trust",
            fields => (fields.ReadBoolean(), fields.ReadBoolean(), new PowerTemperature(fields.ReadDouble())));
        if (isHeldTemperature && options.Calibration == CalibrationKind.None)
            throw reader.Error("must have no temperature where calibration is off", "one");
        if (isHeldKnown && options.Rejection is null)
            throw reader.Error("must have no scores where rejection is off", "some");

        PowerTemperature? temperature = options.Calibration == CalibrationKind.None ? null : fitted;
        EntryPruning? pruning = options.Pruning.Kind == PruningKind.None
            ? null
            : ReadPruning(reader, options.Pruning, memory);
        KnownScores? known = options.Rejection is null ? null : ReadKnown(reader);
        float[] medians = options.Rejection is { } rejection ? ReadMedians(reader, rejection, classCount) : [];
        return (
            new HeldOutFit(isHeldTemperature ? temperature : null, isHeldKnown ? known : null),
            new MemoryTrust(pruning, temperature, known, medians));
    }

    private static int? NullIfZero(int value) => value == 0 ? null : value;

    private static ClassMap? ReadMap(BinaryReader fields)
    {
        int count = fields.ReadInt32();
        if (count == NoMap) return null;
        if (count < 0) throw new ArgumentException($"A class map must have at least 0 names. Got {count}.");

        // Grows with what is read, so that a false count cannot ask for memory that the file does not back.
        var ancestors = new Dictionary<string, string>();
        for (int index = 0; index < count; index++) ancestors.Add(fields.ReadString(), fields.ReadString());
        return new ClassMap(ancestors);
    }

    private static EntryPruning ReadPruning(SectionReader reader, PruningOptions options, BankSnapshot memory)
    {
        int[] wrong = reader.ReadAll<int>("wrong", memory.Count);
        CheckCounts(reader, wrong, memory.Count);
        int[] correct = reader.ReadAll<int>("correct", memory.Count);
        CheckCounts(reader, correct, memory.Count);
        for (int entry = 0; entry < wrong.Length; entry++)
        {
            long sum = (long)wrong[entry] + correct[entry];
            if (sum >= memory.Count)
                throw reader.Error($"must count at most the {memory.Count - 1} other entries", $"{sum}");
        }

        // A memory that was read has no gaps: its positions are the places in the file.
        var reliability = new EntryReliability(memory, options.CountedNeighbors, wrong, correct);
        return new EntryPruning(memory, reliability, options);
    }

    private static void CheckCounts(SectionReader reader, int[] counts, int entryCount)
    {
        foreach (int count in counts)
        {
            if ((uint)count >= (uint)entryCount)
                throw reader.Error($"must be in [0, {entryCount})", $"{count}");
        }
    }

    private static KnownScores ReadKnown(SectionReader reader)
    {
        float[] quantiles = reader.ReadAll<float>("knownScores");
        if (quantiles.Length is not (0 or KnownScores.QuantileCount))
            throw reader.Error($"must hold 0 or {KnownScores.QuantileCount} numbers", $"{quantiles.Length}");
        for (int index = 0; index < quantiles.Length; index++)
        {
            float last = index == 0 ? float.NegativeInfinity : quantiles[index - 1];
            if (!(quantiles[index] >= last))
                throw reader.Error("must ascend", $"{Check.Shown(quantiles[index])} after {Check.Shown(last)}");
        }

        return new KnownScores(quantiles);
    }

    private static float[] ReadMedians(SectionReader reader, RejectionOptions rejection, int classCount)
    {
        int count = rejection.Score == UnknownScoreKind.ClassNormalizedDistance ? classCount : 0;
        float[] medians = reader.ReadAll<float>("classMedians", count);
        foreach (float median in medians)
        {
            if (!(median >= 0)) throw reader.Error("must be at least 0", Check.Shown(median));
        }

        return medians;
    }
}
