// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace KilledProcess;

/// <summary>What one of several concurrent writers does, change after change; the same in every process.</summary>
/// <remarks>
/// Of eight changes five add an entry, one corrects the last of these, and two remove the others: a writer's entries
/// tell how many of its changes a memory has seen.
/// </remarks>
internal static class WriterScript
{
    private const long IdsOfWriter = 1_000_000_000;
    private const string Corrected = "fixed";

    /// <summary>Gives the writer that an entry is from.</summary>
    public static int WriterOf(long id) => (int)(id / IdsOfWriter) - 1;

    /// <summary>Gives the features of an entry: all that is in them follows from its id.</summary>
    public static float[] Features(long id) => [id % 1000, id / 1000 % 1000, (id % 7) + 0.5f];

    /// <summary>Gives the entries, id and label, that a writer's first changes leave.</summary>
    public static SortedDictionary<long, string> Expected(int writer, int changes)
    {
        var entries = new SortedDictionary<long, string>();
        for (int change = Math.Max(0, (changes / 8 * 8) - 8); change < changes; change++)
        {
            long id = IdOf(writer, change);
            foreach (long removed in Removed(writer, change)) entries.Remove(removed);
            if (change % 8 < 5) entries[id] = LabelOf(id);
            if (change % 8 == 5) entries[id - 1] = Corrected;
        }

        for (int round = 0; round < (changes / 8) - 1; round++) entries[IdOf(writer, (8 * round) + 4)] = Corrected;
        return entries;
    }

    /// <summary>Makes one change.</summary>
    public static Task ChangeAsync(Microsoft.ML.Memory.DurableMemory memory, int writer, int change)
    {
        long id = IdOf(writer, change);
        return (change % 8) switch
        {
            < 5 => memory.AddAsync(Features(id), LabelOf(id), id),
            5 => memory.CorrectAsync(id - 1, Corrected),
            _ => memory.RemoveAsync(Removed(writer, change)),
        };
    }

    private static long[] Removed(int writer, int change)
    {
        long id = IdOf(writer, change);
        return (change % 8) switch
        {
            6 => [id - 6, id - 5],
            7 => [id - 5, id - 4],
            _ => [],
        };
    }

    private static long IdOf(int writer, int change) => ((writer + 1) * IdsOfWriter) + change;

    private static string LabelOf(long id) => (id % 5).ToString(CultureInfo.InvariantCulture);
}
