// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>
/// What makes a visual memory trustworthy: votes that do not decay, pruning under label noise, rejection, its cost.
/// </summary>
/// <remarks>Label noise and nothing else is random: <see cref="SeededRandom"/> with seed 20261121.</remarks>
internal static class ReliabilityRows
{
    private const int MemoryRows = 8_000;
    private const int QueryRows = 2_000;
    private const int ClassCount = 10;
    private const int MostNeighbors = 100;
    private const long NoiseSeed = 20_261_121;
    private const double NoiseShare = 0.2;

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train") is { } train && DigitImages.Read("mnist", "t10k") is { } test)
        {
            DigitImages memory = train.Take(MemoryRows), queries = test.Take(QueryRows);
            Votes(report, memory, queries);
            Noise(report, memory, queries);
            VisualMemoryCost.Run(report, memory, queries);
        }
        else
        {
            report.Note("mnist was left out: the data folder is not here. Set MEMORY_ML_DATA to the folder.");
        }

        IntentRejection.Run(report);
    }

    private static void Votes(BenchReport report, DigitImages memory, DigitImages queries)
    {
        const string Name = "mnist, 8000 against 2000, cosine, k = 100";
        BankSnapshot bank = BankOf(memory);
        NeighborTable neighbors = Search(bank, queries);
        double rank = Accuracy(Cast(bank, neighbors, new RankVote(), MostNeighbors, null), queries);
        double plurality = Accuracy(Cast(bank, neighbors, new PluralityVote(), MostNeighbors, null), queries);
        report.Add(new Figure(Name, "accuracy, plurality", plurality, "%"));
        report.Add(new Figure(Name, "accuracy, rank vote", rank, "%"));
        AtLeast(report, Name, "rank vote less plurality", rank - plurality, "points", 3);
    }

    private static void Noise(BenchReport report, DigitImages memory, DigitImages queries)
    {
        const string Name = "mnist, 8000 against 2000, 20 % of the labels wrong, rank vote";
        var random = new SeededRandom(NoiseSeed);
        int[] labels = Array.ConvertAll(memory.Labels, label => random.NextDouble() < NoiseShare
            ? (label + 1 + random.Next(ClassCount - 1)) % ClassCount
            : label);
        BankSnapshot bank = BankOf(memory with { Labels = labels });
        NeighborTable neighbors = Search(bank, queries);
        EntryReliability counts = EntryReliability.Of(bank, 10);
        var soft = new EntryPruning(bank, counts, new PruningOptions { Kind = PruningKind.Soft });
        var excluding = new EntryPruning(bank, counts, new PruningOptions { Kind = PruningKind.WrongMinusCorrect });

        double none20 = Accuracy(Cast(bank, neighbors, new RankVote(), 20, null), queries);
        double soft20 = Accuracy(Cast(bank, neighbors, new RankVote(), 20, soft), queries);
        report.Add(new Figure(Name, "accuracy, k = 20, no pruning", none20, "%"));
        report.Add(new Figure(Name, "accuracy, k = 20, soft pruning", soft20, "%"));
        AtLeast(report, Name, "soft pruning less none, k = 20", soft20 - none20, "points", 0.3);

        double noneError = Error(Cast(bank, neighbors, new RankVote(), 10, null), queries);
        double excludingError = Error(Cast(bank, neighbors, new RankVote(), 10, excluding), queries);
        report.Add(new Figure(Name, "excluded by wrong less correct >= 1", excluding.ExcludedCount, "entries"));
        report.Add(new Figure(Name, "ECE, k = 10, no pruning", noneError, ""));
        report.Add(new Figure(Name, "ECE, k = 10, wrong less correct", excludingError, "")
        {
            Peer = "no pruning, halved",
            Ratio = noneError / 2 / excludingError,
            Floor = 1,
        });
    }

    private static void AtLeast(
        BenchReport report, string name, string metric, double value, string unit, double least)
        => report.Add(new Figure(name, metric, value, unit)
        {
            Peer = $"{least} {unit}",
            Ratio = value / least,
            Floor = 1,
        });

    private static BankSnapshot BankOf(DigitImages images)
    {
        var bank = new MemoryBank(DigitImages.Dimension);
        bank.AddRange(images.Pixels, images.Labels);
        return bank.Snapshot();
    }

    private static NeighborTable Search(BankSnapshot bank, DigitImages queries)
    {
        var neighbors = new NeighborTable();
        bank.Search(queries.Pixels, MostNeighbors, neighbors);
        return neighbors;
    }

    private static (int[] Winners, double[] Shares) Cast(
        BankSnapshot bank, NeighborTable neighbors, IVote vote, int k, EntryPruning? pruning)
    {
        var votes = new PrunedVote(vote, new VoteCounter(ClassCount));
        int[] winners = new int[neighbors.QueryCount];
        double[] shares = new double[winners.Length * ClassCount];
        double[] weights = new double[k];
        for (int row = 0; row < winners.Length; row++)
        {
            votes.Open(k);
            for (int rank = 0; rank < k; rank++)
            {
                int position = neighbors.PositionsOf(row)[rank];
                votes.Add(
                    bank.LabelAt(position),
                    neighbors.DistancesOf(row)[rank],
                    pruning?.MultiplierOf(position) ?? 1,
                    pruning?.IsExcluded(position) ?? false);
            }

            winners[row] = votes.Count(shares.AsSpan(row * ClassCount, ClassCount), weights) ?? -1;
        }

        return (winners, shares);
    }

    private static double Accuracy((int[] Winners, double[] Shares) votes, DigitImages queries)
        => 100 * ReportOf(votes, queries).Accuracy;

    private static double Error((int[] Winners, double[] Shares) votes, DigitImages queries)
        => ReportOf(votes, queries).CalibrationError;

    private static CalibrationReport ReportOf((int[] Winners, double[] Shares) votes, DigitImages queries)
        => CalibrationReport.Of(votes.Shares, votes.Winners, queries.Labels, ClassCount);
}
