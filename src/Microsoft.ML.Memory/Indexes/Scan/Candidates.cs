// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>One worker's candidates of each query of a pass: rows whose score exceeds the query's threshold.</summary>
/// <remarks>Thresholds: minus infinity and NaN let every row in, infinity none.</remarks>
internal readonly unsafe struct Candidates
{
    private readonly float* _scores;
    private readonly int* _positions;
    private readonly int* _counts;
    private readonly float* _selected;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="queryCount">Queries of a pass at most, padding included.</param>
    /// <param name="capacity">Candidates that a query's buffer holds.</param>
    public Candidates(NativeScratch scratch, int queryCount, int capacity)
    {
        Capacity = capacity;
        _scores = scratch.Take<float>((long)queryCount * capacity);
        _positions = scratch.Take<int>((long)queryCount * capacity);
        _counts = scratch.Take<int>(queryCount);
        _selected = scratch.Take<float>(capacity + Vector<float>.Count);
        Thresholds = scratch.Take<float>(queryCount);
    }

    public int Capacity { get; }

    /// <summary>One number a query: a row of that score or a lower one is left out.</summary>
    public float* Thresholds { get; }

    public ref int CountOf(int query) => ref _counts[query];

    public float* ScoresOf(int query) => _scores + (nint)query * Capacity;

    public int* PositionsOf(int query) => _positions + (nint)query * Capacity;

    /// <summary>Adds a candidate; says whether the buffer is full now, and then the caller makes room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int query, float score, int position)
    {
        int place = _counts[query]++;
        nint cell = (nint)query * Capacity + place;
        _scores[cell] = float.IsNaN(score) ? float.PositiveInfinity : score; // not to be trusted: never left out
        _positions[cell] = position;
        return place + 1 == Capacity;
    }

    /// <summary>
    /// Keeps the best candidates of a query, <paramref name="keep"/> and perhaps some more, and raises its threshold,
    /// which no dropped one then exceeds.
    /// </summary>
    public void Prune(int query, int keep)
    {
        float* scores = ScoresOf(query);
        int* positions = PositionsOf(query);
        int count = _counts[query];
        new ReadOnlySpan<float>(scores, count).CopyTo(new Span<float>(_selected, count));
        float threshold = Selection.Reached(_selected, count, keep);
        int kept = Drop(scores, positions, count, threshold);
        if (kept > (keep + count) / 2) // many are equal: to be rid of so few would not pay
        {
            threshold = KeepLargest(scores, positions, kept, keep);
            kept = keep;
        }

        Thresholds[query] = Math.Max(Thresholds[query], threshold);
        _counts[query] = kept;
    }

    /// <summary>Moves the scores that reach a number to the front, with their positions; gives how many do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Drop(float* scores, int* positions, int count, float least)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            float score = scores[i];
            scores[kept] = score; // no branch: which are kept is anybody's guess
            positions[kept] = positions[i];
            kept += score >= least ? 1 : 0;
        }

        return kept;
    }

    /// <summary>Moves the largest scores to the front, with their positions, and gives the least of them.</summary>
    /// <param name="scores">Scores, none NaN.</param>
    /// <param name="positions">What moves with the scores.</param>
    /// <param name="count">Number of both.</param>
    /// <param name="keep">Scores to move to the front, in [1, count].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float KeepLargest(float* scores, int* positions, int count, int keep)
    {
        int target = keep - 1;
        int left = 0, right = count - 1;
        while (left < right)
        {
            float pivot = Selection.Median(scores[left], scores[left + (right - left) / 2], scores[right]);
            int i = left, j = right;
            while (i <= j)
            {
                while (scores[i] > pivot) i++;
                while (scores[j] < pivot) j--;
                if (i > j) break;
                (scores[i], scores[j]) = (scores[j], scores[i]);
                (positions[i], positions[j]) = (positions[j], positions[i]);
                i++;
                j--;
            }

            if (target <= j) right = j;
            else if (target >= i) left = i;
            else break;
        }

        return scores[target];
    }
}
