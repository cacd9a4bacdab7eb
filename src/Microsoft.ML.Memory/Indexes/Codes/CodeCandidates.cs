// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>One worker's candidates of each query: rows whose score may still be among the k highest.</summary>
/// <remarks>
/// Of every row it is known what its score is at most, and what it is likely to be at least. A row is left out where
/// its most is at or below the threshold, which k rows are likely to reach. Whoever re-scores the candidates finds out
/// whether k rows do exceed it, and only then knows that no row was left out wrongly.
/// </remarks>
internal readonly unsafe struct CodeCandidates
{
    private readonly Candidate* _candidates;
    private readonly int* _counts;
    private readonly int* _limits;
    private readonly float* _likely;
    private readonly int _k;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="queryCount">Queries of a pass at most, padding included.</param>
    /// <param name="k">Neighbours of a query.</param>
    public CodeCandidates(NativeScratch scratch, int queryCount, int k)
    {
        _k = k;
        Capacity = CapacityOf(k);
        _candidates = scratch.Take<Candidate>((long)queryCount * Capacity);
        _counts = scratch.Take<int>(queryCount);
        _limits = scratch.Take<int>(queryCount);
        _likely = scratch.Take<float>(Capacity + Vector<float>.Count);
        Thresholds = scratch.Take<float>(queryCount);
    }

    /// <summary>Candidates that a query's buffer holds.</summary>
    public int Capacity { get; }

    /// <summary>One number a query; infinity where no row is wanted any more.</summary>
    public float* Thresholds { get; }

    /// <summary>Gives the number of candidates that a buffer holds for a k.</summary>
    public static int CapacityOf(int k) => checked((16 * k) + 256);

    /// <summary>Gives the number of a query's candidates.</summary>
    public int CountOf(int query) => _counts[query];

    /// <summary>Forgets a query's candidates.</summary>
    public void Clear(int query, float threshold)
    {
        Thresholds[query] = threshold;
        _counts[query] = 0;
        _limits[query] = LimitOf(0);
    }

    /// <summary>Asks for what an added candidate of a query touches, ahead of its use.</summary>
    public void Prefetch(int query)
    {
        if (Sse.IsSupported) Sse.Prefetch0(_candidates + ((nint)query * Capacity) + _counts[query]);
    }

    public Span<Candidate> Of(int query) => new(_candidates + ((nint)query * Capacity), _counts[query]);

    /// <summary>Adds a candidate; says whether the caller is to make room now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int query, Candidate candidate)
    {
        int place = _counts[query]++;
        _candidates[((nint)query * Capacity) + place] = candidate;
        return place + 1 == _limits[query];
    }

    /// <summary>
    /// Drops what can no more be among the k, and raises the query's threshold, to infinity where there is no room for
    /// more. It costs as much as there are candidates, so it waits for a quarter as many as it will leave: until then
    /// more rows pass than need be, and each of them is looked at again.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Raise(int query)
    {
        float threshold = Math.Max(Thresholds[query], ThresholdOf(Of(query), _k, _likely));
        int count = Drop(Of(query), threshold);
        _counts[query] = count;
        _limits[query] = LimitOf(count);
        Thresholds[query] = _limits[query] > Capacity ? float.PositiveInfinity : threshold;
    }

    private int LimitOf(int count) => count + (_k / 4) + 16;

    /// <summary>
    /// Gives a score that k of the candidates are likely to reach; minus infinity where there are fewer.
    /// </summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="k">How many have to reach it.</param>
    /// <param name="likely">Working memory, one number a candidate.</param>
    public static float ThresholdOf(ReadOnlySpan<Candidate> candidates, int k, float* likely)
    {
        if (candidates.Length < k) return float.NegativeInfinity;
        for (int i = 0; i < candidates.Length; i++) likely[i] = candidates[i].Likely;
        return Selection.Reached(likely, candidates.Length, k);
    }

    /// <summary>
    /// Moves the candidates that a threshold does not leave out to the front and gives their number.
    /// </summary>
    public static int Drop(Span<Candidate> candidates, float threshold)
    {
        int kept = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            Candidate candidate = candidates[i];
            candidates[kept] = candidate; // no branch: which are kept is anybody's guess
            kept += candidate.Most <= threshold ? 0 : 1;
        }

        return kept;
    }

    /// <summary>A row, what its score is at most, and what it is likely to be at least.</summary>
    internal readonly record struct Candidate(float Most, float Likely, int Position);
}
