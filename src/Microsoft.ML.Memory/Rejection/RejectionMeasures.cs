// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Measures how well a score tells unknown queries from known ones.</summary>
public static class RejectionMeasures
{
    /// <summary>Gives the area under the ROC curve: how often an unknown query scores above a known one.</summary>
    /// <remarks>Equal scores count half. 0.5 is chance, 1 is perfect. Cost O(n log n).</remarks>
    /// <param name="known">Scores of known queries, at least one, none of them NaN.</param>
    /// <param name="unknown">Scores of unknown queries, at least one, none of them NaN; larger = more unknown.</param>
    /// <exception cref="ArgumentException">A set is empty or holds NaN.</exception>
    public static double Auroc(ReadOnlySpan<double> known, ReadOnlySpan<double> unknown)
    {
        double[] sorted = Sorted(known, nameof(known));
        double[] others = Sorted(unknown, nameof(unknown));
        double wins = 0;
        int below = 0, upTo = 0;
        foreach (double score in others)
        {
            while (below < sorted.Length && sorted[below] < score) below++;
            upTo = Math.Max(upTo, below);
            while (upTo < sorted.Length && sorted[upTo] <= score) upTo++;
            wins += (below + upTo) / 2.0;
        }

        return wins / sorted.Length / others.Length;
    }

    private static double[] Sorted(ReadOnlySpan<double> scores, string name)
    {
        if (scores.IsEmpty) throw new ArgumentException($"{name} must hold at least 1 score. Got 0.", name);
        double[] sorted = scores.ToArray();
        foreach (double score in sorted)
        {
            if (double.IsNaN(score)) throw new ArgumentException($"{name} must be numbers. Got NaN.", name);
        }

        Array.Sort(sorted);
        return sorted;
    }
}
