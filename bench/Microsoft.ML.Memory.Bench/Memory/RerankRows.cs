// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>A memory of shrunken images finds candidates, a memory of the whole images ranks them again.</summary>
internal static class RerankRows
{
    private const int Side = 28;
    private const int Shrink = 4;
    private const int SmallDimension = Side / Shrink * (Side / Shrink);
    private const int CandidateCount = 50;
    private const int NeighborCount = 10;
    private const int ClassCount = 10;

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train") is not { } train || DigitImages.Read("mnist", "t10k") is not { } test)
        {
            report.Note("The rerank rows were left out: the data folder is not here. Set MEMORY_ML_DATA to it.");
            return;
        }

        string name = $"mnist {train.Count}, 7 x 7 pixels, then {CandidateCount} again by 28 x 28";
        BankSnapshot small = Bank(ShrinkAll(train.Pixels), SmallDimension, train.Labels);
        BankSnapshot whole = Bank(train.Pixels, DigitImages.Dimension, train.Labels);
        float[] queries = ShrinkAll(test.Pixels);
        NeighborTable found = new(), ranked = new(), searched = new();
        Timing first = Timing.Of(() => small.Search(queries, CandidateCount, found), repeats: 5);
        var lists = new CandidateLists();
        var search = new CandidateSearch(whole);
        Timing second = Timing.Of(
            () =>
            {
                lists.Clear();
                for (int row = 0; row < test.Count; row++) lists.Add(found.IdsOf(row));
                search.Search(test.Pixels, lists, NeighborCount, ranked);
            },
            repeats: 5);
        Timing all = Timing.Of(() => whole.Search(test.Pixels, NeighborCount, searched), repeats: 5);

        double weak = Accuracy(small, found, test), strong = Accuracy(whole, searched, test);
        double repaired = Accuracy(whole, ranked, test);
        report.Add(new Figure(name, "accuracy of 7 x 7 alone", weak, "%"));
        report.Add(new Figure(name, "accuracy of 28 x 28 alone", strong, "%"));
        report.Add(new Figure(name, "accuracy, ranked again", repaired, "%")
        {
            Peer = "7 x 7 alone, in points",
            Ratio = repaired - weak,
            Floor = 0,
        });
        double milliseconds = 1000 * (first.Median + second.Median) / test.Count;
        report.Add(new Figure(name, "per query, both stages", milliseconds, "ms")
        {
            Peer = "28 x 28 alone",
            Ratio = 1000 * all.Median / test.Count / milliseconds,
        });
    }

    private static BankSnapshot Bank(float[] rows, int dimension, int[] labels)
    {
        var bank = new MemoryBank(dimension);
        bank.AddRange(rows, labels);
        return bank.Snapshot();
    }

    /// <summary>Gives the mean of each block of 4 x 4 pixels.</summary>
    private static float[] ShrinkAll(float[] pixels)
    {
        float[] small = new float[pixels.Length / (Shrink * Shrink)];
        for (int index = 0; index < pixels.Length; index++)
        {
            int pixel = index % DigitImages.Dimension;
            int cell = (pixel / Side / Shrink * (Side / Shrink)) + (pixel % Side / Shrink);
            small[(index / DigitImages.Dimension * SmallDimension) + cell] += pixels[index] / (Shrink * Shrink);
        }

        return small;
    }

    private static double Accuracy(BankSnapshot memory, NeighborTable neighbors, DigitImages test)
    {
        var counter = new VoteCounter(ClassCount, TieBreak.FirstToReach);
        double[] weights = new double[NeighborCount], shares = new double[ClassCount];
        int correct = 0;
        for (int row = 0; row < test.Count; row++)
        {
            double[] distances =
            [
                .. neighbors.DistancesOf(row)[..NeighborCount].ToArray().Select(distance => (double)distance),
            ];
            new RankVote().Weigh(distances, weights);
            int[] labels = [.. neighbors.PositionsOf(row)[..NeighborCount].ToArray().Select(memory.LabelAt)];
            if (counter.Count(labels, weights, shares) == test.Labels[row]) correct++;
        }

        return 100.0 * correct / test.Count;
    }
}
