// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which entries of a memory vote, and what their votes are multiplied by.</summary>
internal sealed class EntryPruning
{
    private const int AutomaticPercentile = 98;

    private readonly bool[]? _excluded;
    private readonly double[]? _multipliers;

    public EntryPruning(BankSnapshot memory, EntryReliability reliability, PruningOptions options)
    {
        Reliability = reliability;
        Threshold = options.Threshold ?? (options.Kind == PruningKind.Hard ? Percentile(memory, reliability) : 1);
        if (options.Kind == PruningKind.Soft) _multipliers = Multipliers(memory, reliability, options);
        else _excluded = Exclude(memory, reliability, options.Kind);
    }

    /// <summary>The counts behind it all.</summary>
    public EntryReliability Reliability { get; }

    /// <summary>Counts from which on an entry is excluded.</summary>
    public int Threshold { get; }

    /// <summary>Number of entries that do not vote.</summary>
    public int ExcludedCount => _excluded?.Count(isExcluded => isExcluded) ?? 0;

    public bool IsExcluded(int position) => _excluded is not null && _excluded[position];

    public double MultiplierOf(int position) => _multipliers is null ? 1 : _multipliers[position];

    /// <summary>Gives the soft multiplier of an entry; an entry without a wrong count keeps its votes.</summary>
    public static double MultiplierOf(int wrong, PruningOptions options)
        => wrong == 0 ? 1 : options.Gain / (options.Offset + wrong);

    private static int Percentile(BankSnapshot memory, EntryReliability reliability)
    {
        int[] wrong = [.. memory.Entries.Select(entry => reliability.WrongOf(entry.Position)).Order()];
        if (wrong.Length == 0) return 1;
        long place = (((long)wrong.Length * AutomaticPercentile) + 99) / 100;
        return Math.Max(1, wrong[(int)place - 1]);
    }

    private static double[] Multipliers(BankSnapshot memory, EntryReliability reliability, PruningOptions options)
    {
        double[] multipliers = new double[memory.PositionCount];
        foreach (Entry entry in memory.Entries)
            multipliers[entry.Position] = MultiplierOf(reliability.WrongOf(entry.Position), options);
        return multipliers;
    }

    private bool[] Exclude(BankSnapshot memory, EntryReliability reliability, PruningKind kind)
    {
        var excluded = new bool[memory.PositionCount];
        foreach (Entry entry in memory.Entries)
        {
            int count = reliability.WrongOf(entry.Position);
            if (kind == PruningKind.WrongMinusCorrect) count -= reliability.CorrectOf(entry.Position);
            excluded[entry.Position] = kind != PruningKind.None && count >= Threshold;
        }

        return excluded;
    }
}
