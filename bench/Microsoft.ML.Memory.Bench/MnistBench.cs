// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory.Bench;

/// <summary>
/// All of MNIST and Fashion-MNIST: accuracy of the votes, and the search against a brute force in double.
/// </summary>
internal static class MnistBench
{
    private const int NeighborCount = 10;
    private const int ClassCount = 10;

    /// <summary>Queries that share one pass over the rows of the brute force.</summary>
    private const int QueryBlock = 16;

    /// <summary>Rows whose k-th and next distance are closer than this may be answered either way.</summary>
    private const double ClearGap = 1e-6;

    public static void Run(BenchReport report)
    {
        Measure(report, "mnist", rankReference: 97.51, pluralityReference: 97.08);
        Measure(report, "fashion-mnist", rankReference: 85.96, pluralityReference: 85.29);
    }

    private static void Measure(BenchReport report, string set, double rankReference, double pluralityReference)
    {
        if (DigitImages.Read(set, "train") is not { } train || DigitImages.Read(set, "t10k") is not { } test)
        {
            report.Note(
                $"{set} was left out: the data folder is not here. Set MEMORY_ML_DATA to the folder that has it.");
            return;
        }

        var bank = new MemoryBank(DigitImages.Dimension);
        bank.AddRange(train.Pixels, train.Labels);
        BankSnapshot snapshot = bank.Snapshot();
        var neighbors = new NeighborTable();
        Timing time = Timing.Of(() => snapshot.Search(test.Pixels, NeighborCount, neighbors), repeats: 5);
        string name = $"{set}, {train.Count} against {test.Count}, cosine, k = {NeighborCount}";
        report.Add(new Figure(name, "search", time.Rate(test.Count), "queries/s") { Spread = time.Spread(test.Count) });

        Accuracy(report, name, new RankVote(), TieBreak.FirstToReach, rankReference, snapshot, neighbors, test);
        Accuracy(report, name, new PluralityVote(), TieBreak.FirstToReach, null, snapshot, neighbors, test);
        Accuracy(
            report, name, new PluralityVote(), TieBreak.LowestLabel, pluralityReference, snapshot, neighbors, test);

        (int clear, int same) = Compare(train, test, neighbors);
        report.Add(
            new Figure(name, "rows with the neighbours of a brute force in double", same, $"of {clear} clear rows")
            {
                Peer = "all clear rows",
                Ratio = same / (double)clear,
                Floor = 1,
            });
    }

    private static void Accuracy(
        BenchReport report, string name, IVote vote, TieBreak tieBreak, double? reference,
        BankSnapshot snapshot, NeighborTable neighbors, DigitImages test)
    {
        var counter = new VoteCounter(ClassCount, tieBreak);
        double[] shares = new double[ClassCount];
        int right = 0;
        for (int query = 0; query < test.Count; query++)
        {
            double[] distances = [.. neighbors.DistancesOf(query).ToArray().Select(distance => (double)distance)];
            int[] labels = Array.ConvertAll(neighbors.PositionsOf(query).ToArray(), snapshot.LabelAt);
            double[] weights = new double[labels.Length];
            vote.Weigh(distances, weights);
            if (counter.Count(labels, weights, shares) == test.Labels[query]) right++;
        }

        double percent = 100.0 * right / test.Count;
        report.Add(new Figure(name, $"accuracy, {vote.GetType().Name}, {tieBreak}", percent, "%")
        {
            Peer = reference is null ? null : $"{reference} % by the same votes on FAISS's neighbours",
            Ratio = percent / reference,
            Floor = reference is null ? null : 1,
        });
    }

    /// <summary>
    /// Counts the rows whose k-th neighbour is clear, and those of them that the search answered alike.
    /// </summary>
    private static (int Clear, int Same) Compare(DigitImages train, DigitImages test, NeighborTable neighbors)
    {
        double[] rows = Normalised(train.Pixels);
        double[] queries = Normalised(test.Pixels);
        int clear = 0, same = 0;
        Parallel.For(0, (test.Count + QueryBlock - 1) / QueryBlock, block =>
        {
            int first = block * QueryBlock;
            int count = Math.Min(QueryBlock, test.Count - first);
            (double Distance, int Row)[][] nearest = Nearest(rows, queries, first, count);
            for (int query = 0; query < count; query++)
            {
                if (nearest[query][NeighborCount].Distance - nearest[query][NeighborCount - 1].Distance <= ClearGap)
                    continue;
                Interlocked.Increment(ref clear);
                int[] expected = [.. nearest[query][..NeighborCount].Select(each => each.Row).Order()];
                int[] found = neighbors.PositionsOf(first + query).ToArray();
                Array.Sort(found);
                if (expected.AsSpan().SequenceEqual(found)) Interlocked.Increment(ref same);
            }
        });
        return (clear, same);
    }

    /// <summary>The k + 1 nearest rows of some queries, by plain double dot products and sorted lists.</summary>
    private static (double Distance, int Row)[][] Nearest(double[] rows, double[] queries, int first, int count)
    {
        var nearest = new (double Distance, int Row)[count][];
        for (int query = 0; query < count; query++)
        {
            nearest[query] = new (double, int)[NeighborCount + 1];
            Array.Fill(nearest[query], (double.PositiveInfinity, -1));
        }

        for (int row = 0; row < rows.Length / DigitImages.Dimension; row++)
        {
            ReadOnlySpan<double> values = rows.AsSpan(row * DigitImages.Dimension, DigitImages.Dimension);
            for (int query = 0; query < count; query++)
            {
                double distance = 1 - TensorPrimitives.Dot(
                    values, queries.AsSpan((first + query) * DigitImages.Dimension, DigitImages.Dimension));
                Insert(nearest[query], distance, row);
            }
        }

        return nearest;
    }

    private static void Insert((double Distance, int Row)[] nearest, double distance, int row)
    {
        if (distance >= nearest[NeighborCount].Distance) return;
        int place = NeighborCount;
        for (; place > 0 && distance < nearest[place - 1].Distance; place--) nearest[place] = nearest[place - 1];
        nearest[place] = (distance, row);
    }

    private static double[] Normalised(float[] pixels)
    {
        double[] values = Array.ConvertAll(pixels, pixel => (double)pixel);
        for (int start = 0; start < values.Length; start += DigitImages.Dimension)
        {
            Span<double> row = values.AsSpan(start, DigitImages.Dimension);
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
        }

        return values;
    }
}
