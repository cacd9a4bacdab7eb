// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads the sections of an adaptive state: its bank, counters, notes, then statistics.</summary>
internal static class AdaptiveStateFormat
{
    private const int RandomWords = 4;

    public static void Write(SectionWriter writer, AdaptiveState state)
    {
        BankFormat.Write(writer, state.Memory);
        writer.Write("adaptation", fields =>
        {
            fields.Write(state.ClassCount);
            fields.Write(state.NextId);
            foreach (ulong word in state.Random) fields.Write(word);
        });
        writer.Write("asked", state.Asked);
        writer.Write("confidences", state.Notes.Select(note => note.Confidence).ToArray());
        writer.Write("usefulness", state.Notes.Select(note => note.Usefulness).ToArray());
        writer.Write("parentCounts", state.Notes.Select(note => note.ParentIds.Count).ToArray());
        writer.Write("parents", state.Notes.SelectMany(note => note.ParentIds).ToArray());
        writer.Write("means", state.SourceStatistics?.Means ?? []);
        writer.Write("deviations", state.SourceStatistics?.Deviations ?? []);
        writer.Write("recentRows", state.RecentRows);
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static AdaptiveState Read(SectionReader reader)
    {
        BankSnapshot memory = BankFormat.Read(reader);
        if (memory.Metric != Metric.Cosine) throw reader.Error("must end a bank of metric Cosine", $"{memory.Metric}");
        (int classCount, long nextId, ulong[] random) = reader.Read(
            "adaptation",
            fields => (fields.ReadInt32(), fields.ReadInt64(), ReadWords(fields)));
        if (classCount < 1) throw reader.Error("must have at least 1 class", $"{classCount}");
        if (nextId < memory.NextId)
            throw reader.Error($"must have a next id of at least {memory.NextId}, the bank's", $"{nextId}");
        if (random.All(word => word == 0)) throw reader.Error("must have a random state", "zeros only");
        foreach (Entry entry in memory.Entries)
        {
            if (entry.Label >= classCount)
                throw reader.Error($"must follow labels below {classCount}", $"{entry.Label} for id {entry.Id}");
        }

        long[] asked = ReadAsked(reader, memory, classCount);
        EntryNote[] notes = ReadNotes(reader, memory);
        FeatureStatistics? statistics = ReadStatistics(reader, memory.Dimension);
        float[] recent = reader.ReadAll<float>("recentRows");
        if (recent.Length % memory.Dimension != 0)
            throw reader.Error($"must hold rows of {memory.Dimension} values", $"{recent.Length} values");
        reader.RequireFinite(recent);
        return new AdaptiveState(memory, classCount, notes, asked, nextId, random)
        {
            SourceStatistics = statistics,
            RecentRows = recent,
        };
    }

    private static ulong[] ReadWords(BinaryReader fields)
    {
        ulong[] words = new ulong[RandomWords];
        for (int index = 0; index < words.Length; index++) words[index] = fields.ReadUInt64();
        return words;
    }

    private static long[] ReadAsked(SectionReader reader, BankSnapshot memory, int classCount)
    {
        long[] asked = reader.ReadAll<long>("asked", classCount);
        var counts = new double[classCount];
        memory.CountClasses(counts);
        for (int index = 0; index < classCount; index++)
        {
            // The bound keeps the sum over all classes from overflowing; no stream is that long.
            if (asked[index] < counts[index] || asked[index] > long.MaxValue / 2 / classCount)
            {
                throw reader.Error(
                    $"must be at least {Check.Shown(counts[index])}, the entries of the class", $"{asked[index]}");
            }
        }

        return asked;
    }

    private static EntryNote[] ReadNotes(SectionReader reader, BankSnapshot memory)
    {
        long[] ids =
        [
            .. memory.Entries.Where(entry => entry.Origin != EntryOrigin.Source).Select(entry => entry.Id),
        ];
        double[] confidences = reader.ReadAll<double>("confidences", ids.Length);
        int wrong = Array.FindIndex(confidences, confidence => confidence is not (>= 0 and <= 1));
        if (wrong >= 0) throw reader.Error("must be in [0, 1]", Check.Shown(confidences[wrong]));
        long[] usefulness = reader.ReadAll<long>("usefulness", ids.Length);
        int[] counts = reader.ReadAll<int>("parentCounts", ids.Length);
        wrong = Array.FindIndex(counts, count => count < 0);
        if (wrong >= 0) throw reader.Error("must be at least 0", $"{counts[wrong]}");
        long[] parents = reader.ReadAll<long>("parents");
        long expected = counts.Sum(count => (long)count);
        if (parents.Length != expected) throw reader.Error($"must hold {expected} ids", $"{parents.Length}");
        var notes = new EntryNote[ids.Length];
        for (int index = 0, first = 0; index < ids.Length; first += counts[index++])
        {
            long[] ownParents = parents[first..(first + counts[index])];
            if (Array.Exists(ownParents, parent => parent >= ids[index]))
                throw reader.Error($"must be below {ids[index]}, the id they are parents of", $"{ownParents.Max()}");
            notes[index] = new EntryNote(ids[index])
            {
                Confidence = confidences[index],
                Usefulness = usefulness[index],
                ParentIds = ownParents,
            };
        }

        return notes;
    }

    private static FeatureStatistics? ReadStatistics(SectionReader reader, int dimension)
    {
        double[] means = reader.ReadAll<double>("means");
        if (means.Length != 0 && means.Length != dimension)
            throw reader.Error($"must hold none or {dimension} values", $"{means.Length}");
        if (!Array.TrueForAll(means, double.IsFinite)) throw reader.Error("must be finite", "NaN or infinity");
        double[] deviations = reader.ReadAll<double>("deviations", means.Length);
        int wrong = Array.FindIndex(deviations, deviation => !(deviation > 0 && double.IsFinite(deviation)));
        if (wrong >= 0) throw reader.Error("must be finite and above 0", Check.Shown(deviations[wrong]));
        return means.Length == 0 ? null : new FeatureStatistics(means, deviations);
    }
}
