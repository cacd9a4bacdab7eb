// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>CLINC150: queries of 150 intents against queries of none, told apart by each score.</summary>
/// <remarks>
/// Features: word and word pair counts, each times its inverse document frequency in the memory, hashed with signs into
/// 1,024 places. Nothing is random.
/// </remarks>
internal static class IntentRejection
{
    private const int Dimension = 1024;
    private const int NeighborCount = 10;
    private const double Temperature = 0.07;
    private const double Floor = 0.85;

    public static void Run(BenchReport report)
    {
        if (DataFiles.Find("text/clinc_data_full.json.gz") is not { } path)
        {
            report.Note("CLINC150 was left out: the data folder is not here. Set MEMORY_ML_DATA to the folder.");
            return;
        }

        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        Dictionary<string, string[][]> data = JsonSerializer.Deserialize<Dictionary<string, string[][]>>(gzip)!;
        Dictionary<string, int> intents = [];
        foreach (string[] row in data["train"]) intents.TryAdd(row[1], intents.Count);
        var features = new HashedWords(data["train"].Select(row => row[0]), Dimension);
        var bank = new MemoryBank(Dimension);
        bank.AddRange(features.Of(data["train"]), Array.ConvertAll(data["train"], row => intents[row[1]]));
        Measure(report, bank.Snapshot(), intents, features, data["test"], data["oos_test"]);
    }

    private static void Measure(
        BenchReport report, BankSnapshot memory, Dictionary<string, int> intents, HashedWords features,
        string[][] known, string[][] unknown)
    {
        string name = $"CLINC150, {memory.Count} against {known.Length} known and {unknown.Length} unknown, k = 10";
        float[] medians = ClassMedians.Of(memory, NeighborCount, intents.Count);
        UnknownScoreKind[] kinds = Enum.GetValues<UnknownScoreKind>();
        (double[][] knownScores, int[] winners) = Score(memory, features.Of(known), kinds, medians, intents.Count);
        (double[][] unknownScores, _) = Score(memory, features.Of(unknown), kinds, medians, intents.Count);
        double right = known.Where((row, index) => intents[row[1]] == winners[index]).Count();
        report.Add(new Figure(name, "accuracy of the known", 100 * right / known.Length, "%"));
        double best = 0;
        for (int index = 0; index < kinds.Length; index++)
        {
            double auroc = RejectionMeasures.Auroc(knownScores[index], unknownScores[index]);
            best = Math.Max(best, auroc);
            report.Add(new Figure(name, $"AUROC, {kinds[index]}", auroc, ""));
        }

        report.Add(new Figure(name, "AUROC, best of them", best, "")
        {
            Peer = $"{Floor}",
            Ratio = best / Floor,
            Floor = 1,
        });
    }

    private static (double[][] Scores, int[] Winners) Score(
        BankSnapshot memory, float[] queries, UnknownScoreKind[] kinds, float[] medians, int classCount)
    {
        var neighbors = new NeighborTable();
        memory.Search(queries, NeighborCount, neighbors);
        double[][] scores = Array.ConvertAll(kinds, _ => new double[neighbors.QueryCount]);
        int[] winners = new int[neighbors.QueryCount];
        var votes = new PrunedVote(new RankVote(), new VoteCounter(classCount));
        double[] shares = new double[classCount], weights = new double[NeighborCount];
        for (int row = 0; row < winners.Length; row++)
        {
            ReadOnlySpan<float> distances = neighbors.DistancesOf(row);
            votes.Open(distances.Length);
            for (int rank = 0; rank < distances.Length; rank++)
                votes.Add(memory.LabelAt(neighbors.PositionsOf(row)[rank]), distances[rank], 1, isExcluded: false);
            winners[row] = votes.Count(shares, weights)!.Value;
            for (int index = 0; index < kinds.Length; index++)
            {
                double score = UnknownScore.Of(kinds[index], distances, shares, Temperature);
                scores[index][row] = kinds[index] == UnknownScoreKind.ClassNormalizedDistance
                    ? UnknownScore.Normalize(score, medians[winners[row]])
                    : score;
            }
        }

        return (scores, winners);
    }
}
