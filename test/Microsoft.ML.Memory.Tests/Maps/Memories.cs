// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Maps;

/// <summary>Small memories to be mapped.</summary>
internal static class Memories
{
    /// <summary>Keys as they are given, [n, d]; labels go round among three.</summary>
    public static BankSnapshot Of(Metric metric, params float[][] keys)
    {
        var bank = new MemoryBank(keys.Length == 0 ? 2 : keys[0].Length, metric);
        for (int row = 0; row < keys.Length; row++) bank.Add(keys[row], row % 3);
        return bank.Snapshot();
    }

    /// <summary>Normal values, the first dimensions wider than the last.</summary>
    public static float[][] Draw(int count, int dimension, long seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimension)
            .Select(i => (float)(random.NextGaussian() * (1 + ((dimension - i) * 2.0 / dimension)))).ToArray())];
    }

    /// <summary>Groups of normal values around distant centres, row by row another group.</summary>
    public static BankSnapshot Groups(int count, int groupCount, long seed, Metric metric = Metric.SquaredEuclidean)
    {
        float[][] keys = Draw(count, 10, seed);
        for (int row = 0; row < count; row++) keys[row][row % groupCount] += 30;
        var bank = new MemoryBank(10, metric);
        for (int row = 0; row < count; row++) bank.Add(keys[row], row % groupCount);
        return bank.Snapshot();
    }
}
