// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>The rows within a distance that one worker has found.</summary>
/// <param name="largestDistance">
/// Rows farther away are not taken, where distances are rounded to single precision, as answers have them.
/// </param>
internal sealed unsafe class RangeHits(float largestDistance)
{
    /// <summary>Number of rows compared, taken or not.</summary>
    public long ComparedCount { get; private set; }

    public List<RangeHit> Taken { get; } = [];

    /// <summary>Rows farther than this are not taken: up to here distances are rounded down to the largest.</summary>
    public double Reach { get; } = ((double)largestDistance + float.BitIncrement(largestDistance)) / 2;

    /// <summary>Makes as many as there are workers.</summary>
    public static RangeHits[] Of(int workerCount, float largestDistance)
    {
        var hits = new RangeHits[workerCount];
        for (int worker = 0; worker < workerCount; worker++) hits[worker] = new RangeHits(largestDistance);
        return hits;
    }

    public void Offer(int query, int position, double distance)
    {
        ComparedCount++;
        if ((float)distance <= largestDistance) Taken.Add(new RangeHit(query, position, distance));
    }

    /// <summary>Puts other numbers in place of those of the queries.</summary>
    public void Rename(List<int> queries)
    {
        foreach (ref RangeHit hit in CollectionsMarshal.AsSpan(Taken)) hit = hit with { Query = queries[hit.Query] };
    }

    /// <summary>Compares a query, whose squared norm is given, with candidates and takes those that are near.</summary>
    public void Compare(
        in ScanRequest scan, int query, double square, ReadOnlySpan<CodeCandidates.Candidate> candidates)
    {
        float** rows = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        for (int first = 0; first < candidates.Length; first += PairDistance.Many)
        {
            ReadOnlySpan<CodeCandidates.Candidate> few =
                candidates.Slice(first, Math.Min(PairDistance.Many, candidates.Length - first));
            for (int i = 0; i < few.Length; i++) rows[i] = scan.Row(few[i].Position);
            PairDistance.Of(scan.Metric, scan.Query(query), square, rows, few.Length, scan.Dimension, distances);
            for (int i = 0; i < few.Length; i++) Offer(query, few[i].Position, distances[i]);
        }
    }
}
