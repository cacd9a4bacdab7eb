// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

/// <summary>Seeded rows around one corner a class, that drift from call to call.</summary>
internal static class Streams
{
    public const int Dimension = 4;
    public const int ClassCount = 3;

    /// <summary>A bank with labelled rows, classes in turn.</summary>
    public static BankSnapshot Source(int count, int seed = 1)
    {
        var bank = new MemoryBank(Dimension);
        bank.AddRange(Rows(count, seed, drift: 0), Labels(count));
        return bank.Snapshot();
    }

    public static int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(row => row % ClassCount)];

    /// <summary>Rows [n, d] of the classes in turn, moved by a drift.</summary>
    public static float[] Rows(int count, int seed, double drift)
    {
        var random = new SeededRandom(seed);
        float[] rows = new float[count * Dimension];
        for (int index = 0; index < rows.Length; index++)
        {
            int row = index / Dimension;
            double corner = index % Dimension == row % ClassCount ? 1 : drift;
            rows[index] = (float)(corner + (0.4 * random.NextGaussian()));
        }

        return rows;
    }

    /// <summary>Adapts to rows and says all that came of it, so that two memories can be compared.</summary>
    public static string Describe(AdaptiveMemory memory, float[] rows, SearchOptions? options = null)
    {
        var predictions = new AdaptivePredictions();
        memory.Adapt(rows, predictions, options);
        return string.Join('\n', Enumerable.Range(0, predictions.RowCount).Select(row =>
            $"{predictions.LabelOf(row)} {predictions.ConfidenceOf(row):R} {predictions.AddedIdOf(row)} "
            + $"{predictions.EvictedIdOf(row)} {string.Join(' ', predictions.NeighborIdsOf(row).ToArray())} "
            + string.Join(' ', predictions.SharesOf(row).ToArray().Select(share => share.ToString("R")))));
    }

    /// <summary>Predicts rows and says what came of it.</summary>
    public static string DescribeStill(AdaptiveMemory memory, float[] rows)
    {
        var predictions = new AdaptivePredictions();
        memory.Predict(rows, predictions);
        return string.Join('\n', Enumerable.Range(0, predictions.RowCount).Select(row =>
            $"{predictions.LabelOf(row)} {string.Join(' ', predictions.NeighborIdsOf(row).ToArray())} "
            + string.Join(' ', predictions.SharesOf(row).ToArray().Select(share => share.ToString("R")))));
    }
}
