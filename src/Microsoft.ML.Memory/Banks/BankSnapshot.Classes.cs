// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class BankSnapshot
{
    // A row's code is looked up so much faster than a row is compared.
    private const int RowsOfCode = 256;

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
        if (members.Count <= PositionCount / RowsOfCode) candidates = 0;
        if (candidates > 0)
        {
            var filter = new EntryFilter(_blocks, members.Positions);
            quantizer.Search(filter.Blocks, queries, capacity, candidates, neighbors, options);
            GC.KeepAlive(filter);
        }
        else if (quantizer.KeepsKeys) Scan(0, queries, capacity, neighbors, options, members.Positions);
        else quantizer.Search(_blocks, queries, capacity, 0, neighbors, options, members.Positions.ToArray());
        GC.KeepAlive(this);
    }
}
