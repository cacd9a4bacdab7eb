// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Says how often each entry of a memory misleads, and how often it helps, the other entries.</summary>
/// <remarks>
/// <para>Every entry is searched for in the memory without itself. Each of its k nearest with another label gets one
/// wrong count, each with the same label one correct count. A mislabelled or ambiguous entry has many wrong
/// counts.</para>
/// <para>Cost of a search of its own: one for k + 1 neighbours of all n entries, O(n²·d) time; 8 bytes an entry.
/// Thread safety: immutable, so safe.</para>
/// <para>Source: Geirhos et al., ICML 2025, arXiv 2408.08172, memory pruning.</para>
/// </remarks>
public sealed class EntryReliability
{
    private readonly BankSnapshot _memory;
    private readonly int[] _wrong;
    private readonly int[] _correct;

    internal EntryReliability(BankSnapshot memory, int neighborCount, int[] wrong, int[] correct)
    {
        _memory = memory;
        NeighborCount = neighborCount;
        _wrong = wrong;
        _correct = correct;
    }

    /// <summary>Number of neighbours k that each entry looked at.</summary>
    public int NeighborCount { get; }

    /// <summary>Counts for every entry of a memory.</summary>
    /// <param name="memory">The memory; its labels are compared as they are.</param>
    /// <param name="neighborCount">Number of neighbours k, at least 1; a smaller memory uses all others.</param>
    /// <param name="options">
    /// Null means <see cref="SearchOptions.Default"/>. A filter keeps entries from being neighbours, so from counts.
    /// </param>
    /// <exception cref="ArgumentException">k is below 1.</exception>
    public static EntryReliability Of(BankSnapshot memory, int neighborCount = 10, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(memory);
        Check.AtLeast(neighborCount, 1, "EntryReliability's neighborCount");

        return OfAncestors(memory, neighborCount, [], options);
    }

    /// <summary>Counts for every entry of a memory, by neighbours that were found already.</summary>
    /// <remarks>The counts are those of a search of their own, bit for bit. Cost O(n·k).</remarks>
    /// <param name="neighbors">The neighbours of every entry; their memory's labels are compared as they are.</param>
    public static EntryReliability Of(EntryNeighbors neighbors)
    {
        ArgumentNullException.ThrowIfNull(neighbors);

        BankSnapshot memory = neighbors.Memory;
        int[] wrong = new int[memory.PositionCount];
        int[] correct = new int[memory.PositionCount];
        for (int row = 0; row < neighbors.Count; row++)
        {
            int own = memory.LabelAt(neighbors.Rows.Positions[row]);
            foreach (int position in neighbors.PositionsOf(row))
                (memory.LabelAt(position) == own ? correct : wrong)[position]++;
        }

        return new EntryReliability(memory, neighbors.NeighborCount, wrong, correct);
    }

    /// <summary>Counts with labels mapped to ancestors first.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="neighborCount">Number of neighbours k.</param>
    /// <param name="ancestors">Ancestor of each label; empty leaves labels as they are.</param>
    /// <param name="options">How to search.</param>
    internal static EntryReliability OfAncestors(
        BankSnapshot memory, int neighborCount, int[] ancestors, SearchOptions? options)
    {
        int[] wrong = new int[memory.PositionCount];
        int[] correct = new int[memory.PositionCount];
        int Voted(int label) => ancestors.Length == 0 ? label : ancestors[label];
        LeaveOneOut.Each(memory, neighborCount, options, (entry, positions, _) =>
        {
            int own = Voted(entry.Label);
            foreach (int position in positions)
            {
                if (Voted(memory.LabelAt(position)) == own) correct[position]++;
                else wrong[position]++;
            }
        });
        return new EntryReliability(memory, neighborCount, wrong, correct);
    }

    /// <summary>Gives how many entries of another label have this one among their neighbours.</summary>
    /// <param name="position">Position of an entry in the memory that was counted.</param>
    /// <returns>The count; 0 for the position of a removed entry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The memory has no such position.</exception>
    public int WrongOf(int position) => _wrong[Check.Index(position, _wrong.Length)];

    /// <summary>Gives how many entries of the same label have this one among their neighbours.</summary>
    /// <param name="position">Position of an entry in the memory that was counted.</param>
    /// <returns>The count; 0 for the position of a removed entry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The memory has no such position.</exception>
    public int CorrectOf(int position) => _correct[Check.Index(position, _correct.Length)];

    /// <summary>Lists the entries that mislead most, worst first; ties go to the entry added first.</summary>
    /// <param name="count">Entries to list, at least 0; entries that never mislead are not listed.</param>
    /// <exception cref="ArgumentException">The number is below 0.</exception>
    public IReadOnlyList<Entry> MostWrong(int count)
    {
        Check.AtLeast(count, 0, "MostWrong's count");

        return [.. _memory.Entries
            .Where(entry => _wrong[entry.Position] > 0)
            .OrderByDescending(entry => _wrong[entry.Position])
            .Take(count)];
    }
}
