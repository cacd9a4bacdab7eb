// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class BankSnapshot
{
    // Codes of so many rows are looked up while a row is compared, and while one is decoded.
    private const double CodesOfComparison = 8;
    private const double CodesOfDecoding = 24;

    /// <summary>Gives a number that the entries of a class do not exceed.</summary>
    internal int MostOfClass(int label)
    {
        int most = 0;
        foreach (SegmentView view in _views)
            most += view.Segment.RowsByLabel.MostOf(view.Segment.Labels.AsSpan(0, view.Count), label);
        return most;
    }

    /// <summary>Finds the k nearest entries of a class, as among a snapshot of that class alone.</summary>
    /// <remarks>
    /// Where there is a graph, or there are codes, they are used for classes so large that comparing with all entries
    /// of the class would take longer.
    /// </remarks>
    internal void SearchClass(
        ClassMembers members,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        SearchOptions options,
        FewRows few)
    {
        int capacity = Math.Min(k, members.Count);
        if (CompareFew(members, queries, capacity, float.PositiveInfinity, neighbors, few)) return;
        if (Quantizer is not null) SearchByCodes(Quantizer, members, queries, capacity, neighbors, options);
        else if (Graph?.PaysFor(members, capacity) == true)
            Graph.Search(this, queries, capacity, neighbors, options, members);
        else Scan(0, queries, capacity, neighbors, options, members.Positions);
    }

    /// <summary>Finds all entries of a class within a distance.</summary>
    internal void RangeSearchClass(
        ClassMembers members,
        ReadOnlySpan<float> queries,
        float largestDistance,
        NeighborTable neighbors,
        SearchOptions options,
        FewRows few)
    {
        if (CompareFew(members, queries, members.Count, largestDistance, neighbors, few)) return;
        RangeScanRows(queries, largestDistance, neighbors, options, members.Positions);
    }

    private bool CompareFew(
        ClassMembers members,
        ReadOnlySpan<float> queries,
        int capacity,
        float largestDistance,
        NeighborTable neighbors,
        FewRows few)
    {
        int count = queries.Length / Dimension;
        if (members.Count == 0) neighbors.Reset(count, 0);
        else if (Quantizer?.KeepsKeys == false || !FewRows.AreFew(count, members.Count, Dimension)) return false;
        else
        {
            neighbors.Reset(count, capacity);
            var rows = new ScanSource(_blocks, members.Positions);
            few.Search(rows, Metric, Dimension, queries, capacity, largestDistance, neighbors);
            GC.KeepAlive(this);
        }

        return true;
    }

    private void SearchByCodes(
        BankQuantizer quantizer,
        ClassMembers members,
        ReadOnlySpan<float> queries,
        int capacity,
        NeighborTable neighbors,
        SearchOptions options)
    {
        int candidates = QuantizedRequest.CandidatesOf(capacity, members.Count, quantizer.Settings, options);
        double decoding = quantizer.KeepsKeys ? 0 : CodesOfDecoding * Dimension / queries.Length;
        if (members.Count * (CodesOfComparison + decoding) <= PositionCount) candidates = 0;
        if (candidates > 0)
        {
            var filter = new EntryFilter(_blocks, members.Positions);
            quantizer.Search(filter.Blocks, queries, capacity, candidates, neighbors, options);
            GC.KeepAlive(filter);
        }
        else if (quantizer.KeepsKeys) Scan(0, queries, capacity, neighbors, options, members.Positions);
        else CompareDecoded(quantizer.Codebooks, members, queries, capacity, neighbors, options);
        GC.KeepAlive(this);
    }

    /// <summary>Compares with what the codes of a class stand for, decoded once for many queries.</summary>
    private unsafe void CompareDecoded(
        ProductQuantizer codebooks,
        ClassMembers members,
        ReadOnlySpan<float> queries,
        int capacity,
        NeighborTable neighbors,
        SearchOptions options)
    {
        int count = queries.Length / Dimension;
        int threads = Math.Min(count, options.ThreadCount ?? Environment.ProcessorCount);
        neighbors.Reset(count, capacity);
        fixed (float* start = queries)
        {
            float* values = start;
            QueryWorkers.Each(threads, threads, () => new FewRows(), Work, _ => { });

            void Work(FewRows few, int share)
            {
                int first = (int)((long)count * share / threads);
                int end = (int)((long)count * (share + 1) / threads);
                var own = new ReadOnlySpan<float>(values + ((nint)first * Dimension), (end - first) * Dimension);
                var rows = new ScanSource(_blocks, members.Positions);
                few.Search(
                    rows, Metric, Dimension, own, capacity, float.PositiveInfinity, neighbors, first, codebooks);
            }
        }
    }
}
