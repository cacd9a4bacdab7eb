// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Compares what a graph gives, with labels as keys, with what the transformer gives.</summary>
internal static class GraphAssert
{
    /// <summary>The bound that the export promises for scores.</summary>
    public const float Score = 1e-5f;

    public static void Same(OwnRun own, Dictionary<string, Array> graph, string what)
    {
        Values(own.Keys, (uint[])graph["PredictedLabel"], what + ", labels");
        Near(own.Scores, (float[])graph["Score"], what + ", scores");
        if (own.Ids.Count > 0) Neighbors(own.Ids, (long[])graph["NeighborIds"], -1, what + ", ids");
        if (own.Labels.Count > 0) Neighbors(own.Labels, (uint[])graph["NeighborLabels"], 0u, what + ", classes");
        if (own.Distances.Count > 0)
            NearNeighbors(own.Distances, (float[])graph["NeighborDistances"], float.NaN, what + ", distances");
        if (own.Weights.Count > 0)
            NearNeighbors(own.Weights, (float[])graph["NeighborWeights"], 0, what + ", weights");
        if (own.IsUnknown.Count == 0) return;
        Values(own.IsUnknown, (bool[])graph["IsUnknown"], what + ", unknown");
        Near(own.UnknownScores, (float[])graph["UnknownScore"], what + ", unknown scores");
    }

    public static void Near(IReadOnlyList<float> expected, float[] actual, string what)
    {
        Assert.HasCount(expected.Count, actual, what);
        for (int index = 0; index < actual.Length; index++)
        {
            if (expected[index].Equals(actual[index])) continue;
            float bound = Score * Math.Max(1, Math.Abs(expected[index]));
            Assert.AreEqual(expected[index], actual[index], bound, $"{what}, value {index}");
        }
    }

    private static void Values<T>(IReadOnlyList<T> expected, T[] actual, string what)
    {
        Assert.HasCount(expected.Count, actual, what);
        for (int index = 0; index < actual.Length; index++)
            Assert.AreEqual(expected[index], actual[index], $"{what}, row {index}");
    }

    private static void Neighbors<T>(List<T[]> expected, T[] actual, T missing, string what)
        where T : struct
    {
        int size = actual.Length / expected.Count;
        for (int row = 0; row < expected.Count; row++)
        {
            T[] own = expected[row].Length == 0 ? [.. Enumerable.Repeat(missing, size)] : expected[row];
            CollectionAssert.AreEqual(own, actual[(row * size)..((row + 1) * size)], $"{what}, row {row}");
        }
    }

    private static void NearNeighbors(List<float[]> expected, float[] actual, float missing, string what)
    {
        int size = actual.Length / expected.Count;
        float[] flat =
        [
            .. expected.SelectMany(row => row.Length == 0 ? [.. Enumerable.Repeat(missing, size)] : row),
        ];
        Near(flat, actual, what);
    }
}
