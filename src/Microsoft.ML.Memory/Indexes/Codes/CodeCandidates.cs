// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>One worker's candidates of each query: rows whose score may still be among the k highest.</summary>
/// <remarks>
/// Every row has a least and a most that its score can be. A row is left out where its most is at or below the
/// threshold, which is a least that k rows have.
/// </remarks>
internal readonly unsafe struct CodeCandidates
{
    private readonly Candidate* _candidates;
    private readonly int* _counts;
    private readonly float* _least;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="queryCount">Queries of a pass at most, padding included.</param>
    /// <param name="k">Neighbours of a query.</param>
    public CodeCandidates(NativeScratch scratch, int queryCount, int k)
    {
        Capacity = CapacityOf(k);
        _candidates = scratch.Take<Candidate>((long)queryCount * Capacity);
        _counts = scratch.Take<int>(queryCount);
        _least = scratch.Take<float>(Capacity);
        Thresholds = scratch.Take<float>(queryCount);
    }

    /// <summary>Candidates that a query's buffer holds.</summary>
    public int Capacity { get; }

    /// <summary>One number a query; infinity where no row is wanted any more.</summary>
    public float* Thresholds { get; }

    /// <summary>Gives the number of candidates that a buffer holds for a k.</summary>
    public static int CapacityOf(int k) => checked((8 * k) + 128);

    public ref int CountOf(int query) => ref _counts[query];

    public Span<Candidate> Of(int query) => new(_candidates + ((nint)query * Capacity), _counts[query]);

    /// <summary>Adds a candidate; says whether the buffer is full now, and then the caller makes room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int query, Candidate candidate)
    {
        int place = _counts[query]++;
        _candidates[((nint)query * Capacity) + place] = candidate;
        return place + 1 == Capacity;
    }

    /// <summary>
    /// Raises a query's threshold and drops what it leaves out; says whether more than half of the buffer is free then.
    /// </summary>
    public bool Prune(int query, int k)
    {
        Span<Candidate> candidates = Of(query);
        float threshold = Math.Max(Thresholds[query], ThresholdOf(candidates, k, _least));
        Thresholds[query] = threshold;
        _counts[query] = Drop(candidates, threshold);
        return _counts[query] < Capacity / 2;
    }

    /// <summary>Gives a score that k of the candidates reach or exceed; minus infinity where there are fewer.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="k">How many have to reach it.</param>
    /// <param name="least">Working memory, one number a candidate.</param>
    public static float ThresholdOf(ReadOnlySpan<Candidate> candidates, int k, float* least)
    {
        if (candidates.Length < k) return float.NegativeInfinity;
        for (int i = 0; i < candidates.Length; i++) least[i] = candidates[i].Least;
        return Selection.Largest(least, candidates.Length, k);
    }

    /// <summary>
    /// Moves the candidates that a threshold does not leave out to the front and gives their number.
    /// </summary>
    public static int Drop(Span<Candidate> candidates, float threshold)
    {
        int kept = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (!(candidates[i].Most <= threshold)) candidates[kept++] = candidates[i];
        }

        return kept;
    }

    /// <summary>A row, and between what its score lies.</summary>
    internal readonly record struct Candidate(float Most, float Least, int Position) : IComparable<Candidate>
    {
        /// <summary>Orders by the highest possible score, highest first.</summary>
        public int CompareTo(Candidate other)
        {
            int order = other.Most.CompareTo(Most);
            return order != 0 ? order : Position.CompareTo(other.Position);
        }
    }
}
