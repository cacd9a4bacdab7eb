// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How far the k-th neighbour of an entry is, in the middle of each class.</summary>
internal static class ClassMedians
{
    /// <summary>Searches a memory with its own entries, leave-one-out, and gives the median of each class.</summary>
    public static float[] Of(BankSnapshot memory, int neighborCount, int classCount, SearchOptions? options = null)
    {
        var farthest = new List<float>();
        var labels = new List<int>();
        LeaveOneOut.Each(memory, neighborCount, options, (entry, _, distances) =>
        {
            if (distances.IsEmpty) return;
            farthest.Add(distances[^1]);
            labels.Add(entry.Label);
        });
        return Of([.. farthest], [.. labels], classCount);
    }

    /// <summary>Gives the median of each class; 0 where a class has no number.</summary>
    public static float[] Of(float[] distances, int[] labels, int classCount)
    {
        float[] medians = new float[classCount];
        Array.Sort(distances, labels);
        List<float>[] byClass = [.. Enumerable.Range(0, classCount).Select(_ => new List<float>())];
        for (int index = 0; index < labels.Length; index++) byClass[labels[index]].Add(distances[index]);
        for (int label = 0; label < classCount; label++)
        {
            List<float> sorted = byClass[label];
            if (sorted.Count == 0) continue;
            double middle = ((double)sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
            medians[label] = (float)middle;
        }

        return medians;
    }
}
