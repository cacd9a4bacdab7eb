// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>A graph of a bank's entries, which its snapshots search along instead of comparing with all.</summary>
/// <remarks>
/// <para>It holds the entries below a sequence number that a snapshot once had. Snapshots made since, by whatever bank
/// that goes on from there, leave out those that they have removed and compare with all that they have added; a
/// segment never has entries of both kinds. So a graph never changes, and searches need no lock.</para>
/// <para>Entries are known to the graph by their sequence numbers, which outlast compaction. Vectors are read where the
/// bank has them.</para>
/// </remarks>
internal sealed class BankGraph
{
    private const int FewLater = 4096;
    private const int LaterShare = 32;
    private const int LeastShare = 16; // of the graph's entries; with fewer left, all are compared with

    private readonly ConcurrentBag<(NeighborTable Along, NeighborTable Added)> _tables = [];
    private readonly GraphIndex _graph;
    private readonly BankSnapshot _lender;

    private BankGraph(GraphIndex graph, BankSnapshot lender, long endSequence)
    {
        _graph = graph;
        _lender = lender;
        EndSequence = endSequence;
    }

    /// <summary>Entries from this sequence number on are not in the graph.</summary>
    public long EndSequence { get; }

    /// <summary>Number of pairs of tables that wait for a search.</summary>
    internal int IdleCount => _tables.Count;

    /// <summary>Settings that the graph is built with.</summary>
    public GraphSettings Settings => _graph.Settings;

    /// <summary>Gives a snapshot whose searches go along a graph of all its entries.</summary>
    /// <param name="memory">The entries; a graph that it has already is brought up to date, on a copy.</param>
    /// <param name="settings">Settings of a new graph.</param>
    public static BankSnapshot Attach(BankSnapshot memory, GraphSettings settings)
    {
        if (memory.Graph is { } known && known.IsCurrent(memory)) return memory;
        BankSnapshot lender = memory.With(null);
        GraphIndex graph = Build(memory.Graph, lender, settings, heldOut: []);
        return memory.With(new BankGraph(graph, lender, lender.NextSequence));
    }

    /// <summary>Gives a snapshot as above whose searches are as wide as it takes to find enough neighbours.</summary>
    /// <param name="memory">The entries, at least two; a graph that it has already is brought up to date, on a copy.
    /// </param>
    /// <param name="settings">Settings of a new graph; searches weigh no fewer candidates than they say.</param>
    /// <param name="k">Neighbours that will be asked for, at least 1.</param>
    /// <param name="target">Share of them to be found, in (0, 1].</param>
    /// <returns>The snapshot, and what was found of neighbours of entries that were held out.</returns>
    public static (BankSnapshot Memory, GraphRecall Recall) Attach(
        BankSnapshot memory, GraphSettings settings, int k, double target)
    {
        BankSnapshot lender = memory.With(null);
        RecallSample sample = RecallSample.Draw(lender, k, settings);
        GraphIndex graph = Build(memory.Graph, lender, settings, sample.Sequences);
        GraphRecall recall = sample.Tune(graph, target);
        graph.Widen(recall.CandidateCount);
        Add(graph, lender, entry => Array.BinarySearch(sample.Sequences, entry.Sequence) >= 0);
        return (memory.With(new BankGraph(graph, lender, lender.NextSequence)), recall);
    }

    /// <summary>Says whether so little was added and removed that a new graph would not pay.</summary>
    public bool IsFresh(BankSnapshot memory)
    {
        int before = memory.CountBelow(EndSequence);
        return memory.Count - before <= FewLater + (before / LaterShare)
            && _graph.Count - before <= _graph.Count * MemoryBank.CompactWhenRemoved;
    }

    /// <summary>Says whether a walk finds neighbours among some entries faster than comparing with each of them.
    /// </summary>
    public bool PaysFor(ClassMembers members, int k)
    {
        int candidates = Math.Max(k, Settings.SearchCandidateCount);
        double share = Math.Min(1, (double)members.Count / _graph.Count);
        return !GraphSearch.IsLong(candidates / share, share, _graph.Count);
    }

    /// <summary>Says whether the graph has all entries of a snapshot and no others.</summary>
    public bool IsCurrent(BankSnapshot memory)
    {
        int before = memory.CountBelow(EndSequence);
        return before == memory.Count && before == _graph.Count;
    }

    /// <summary>Searches for a snapshot that goes on from the one the graph was made of.</summary>
    /// <param name="memory">The snapshot.</param>
    /// <param name="queries">[n, d].</param>
    /// <param name="k">Neighbours of a query, in [1, number of entries].</param>
    /// <param name="neighbors">Receives the neighbours with their positions in the snapshot.</param>
    /// <param name="options">Its filter is asked by ids; there is none where there are members.</param>
    /// <param name="members">The entries that may be found, at least one; null lets all.</param>
    public void Search(
        BankSnapshot memory,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        SearchOptions options,
        ClassMembers? members = null)
    {
        int later = memory.FirstViewFrom(EndSequence);
        int before = memory.CountBefore(later);
        if (before < _graph.Count / LeastShare)
        {
            memory.Scan(0, queries, k, neighbors, options, members is null ? [] : members.Positions);
            return;
        }

        double? share = members is not null ? Math.Min(1, (double)members.Count / _graph.Count)
            : options.Filter is null ? (double)before / _graph.Count
            : null;
        SearchOptions along = options with { Filter = FilterOf(memory, before, options.Filter, members?.Label) };
        if (before == memory.Count)
        {
            _graph.Search(queries, k, neighbors, along, share);
            Translate(memory, neighbors);
        }
        else
        {
            if (!_tables.TryTake(out (NeighborTable Along, NeighborTable Added) found)) found = (new(), new());
            _graph.Search(queries, k, found.Along, along, share);
            Translate(memory, found.Along);
            ScanLater(memory, later, queries, k, found.Added, options, members);
            NeighborMerge.Into(neighbors, found.Along, found.Added, k);
            if (!found.Along.IsLarge && !found.Added.IsLarge) _tables.Add(found);
        }

        GC.KeepAlive(_lender);
    }

    /// <summary>Writes the graph without vectors, and without the entries that a snapshot has removed since.</summary>
    public void Write(SectionWriter writer, BankSnapshot memory)
    {
        GraphIndex graph = _graph;
        if (memory.CountBelow(EndSequence) < graph.Count)
        {
            graph = graph.Copy(_ => 0);
            graph.Remove(RemovedSince(memory));
        }

        graph.Write(writer);
        GC.KeepAlive(_lender);
    }

    /// <summary>
    /// Reads a graph of the entries of a snapshot below a sequence number, and gives the snapshot with it.
    /// </summary>
    /// <exception cref="InvalidDataException">The content breaks a rule, or does not fit the entries.</exception>
    public static BankSnapshot Read(SectionReader reader, BankSnapshot memory, long endSequence)
    {
        var borrowed = new BorrowedRows(
            memory.Dimension,
            memory.Metric,
            sequence => sequence < endSequence ? AddressOf(memory, sequence) : 0);
        GraphIndex graph = GraphIndex.Read(reader, threadCount: null, borrowed);
        int count = memory.CountBelow(endSequence);
        if (graph.Count != count) throw reader.Error($"must follow a graph of {count} entries", $"{graph.Count}");
        return memory.With(new BankGraph(graph, memory, endSequence));
    }

    /// <summary>Says whether the graph is built as settings ask for, however widely it is searched.</summary>
    private bool IsOf(GraphSettings settings) =>
        Settings with { SearchCandidateCount = settings.SearchCandidateCount } == settings;

    /// <summary>Gives the address of the key of an entry, 0 where it is not stored.</summary>
    private static nint AddressOf(BankSnapshot memory, long sequence) =>
        memory.TryFindSequence(sequence, out int position) ? memory.KeyAddressAt(position) : 0;

    /// <summary>Links all entries of a snapshot but those held out, whose sequence numbers ascend.</summary>
    private static GraphIndex Build(BankGraph? former, BankSnapshot lender, GraphSettings settings, long[] heldOut)
    {
        GraphIndex graph;
        long first = 0;
        if (former?.IsOf(settings) == true)
        {
            first = former.EndSequence;
            graph = former._graph.Copy(sequence => AddressOf(lender, sequence));
            graph.Remove([.. former.RemovedSince(lender), .. heldOut.Where(sequence => sequence < first)]);
            graph.ForgetIncoming();
        }
        else graph = new GraphIndex(lender.Dimension, lender.Metric, settings, ScanWidths.Best, borrowsRows: true);
        Add(graph, lender, entry => entry.Sequence >= first && Array.BinarySearch(heldOut, entry.Sequence) < 0);
        return graph;
    }

    private static void Add(GraphIndex graph, BankSnapshot memory, Func<Entry, bool> isWanted)
    {
        Entry[] entries = [.. memory.Entries.Where(isWanted)];
        graph.AddRows(
            Array.ConvertAll(entries, entry => entry.Sequence),
            Array.ConvertAll(entries, entry => memory.KeyAddressAt(entry.Position)));
    }

    /// <summary>Gives the sequence numbers of entries of the graph that a snapshot has no more.</summary>
    private long[] RemovedSince(BankSnapshot memory) =>
        [
            // a lender that was loaded may have entries that came after the graph
            .. _lender.Entries.Select(entry => entry.Sequence)
                .Where(each => each < EndSequence && !memory.TryFindSequence(each, out _)),
        ];

    private Func<long, bool>? FilterOf(BankSnapshot memory, int before, Func<long, bool>? isWanted, int? label)
    {
        if (label is { } own)
            return sequence => memory.TryFindSequence(sequence, out int position) && memory.LabelAt(position) == own;
        if (isWanted is null && before == _graph.Count) return null;
        return sequence => memory.TryFindSequence(sequence, out int position)
            && (isWanted is null || isWanted(memory.IdAt(position)));
    }

    private static void ScanLater(
        BankSnapshot memory,
        int firstView,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        SearchOptions options,
        ClassMembers? members)
    {
        ReadOnlySpan<int> positions = members is null ? [] : members.From(memory.StartOf(firstView));
        if (members is not null && positions.IsEmpty) neighbors.Reset(queries.Length / memory.Dimension, 0);
        else memory.Scan(firstView, queries, k, neighbors, options, positions);
    }

    /// <summary>Puts ids and positions of the snapshot where sequence numbers and slots are.</summary>
    private static void Translate(BankSnapshot memory, NeighborTable neighbors)
    {
        for (int query = 0; query < neighbors.QueryCount; query++)
        {
            NeighborTable.Row row = neighbors.Write(query);
            for (int rank = 0; rank < row.Count; rank++)
            {
                _ = memory.TryFindSequence(row.Ids[rank], out int position); // it is there: the search left out others
                row.Positions[rank] = position;
                row.Ids[rank] = memory.IdAt(position);
            }
        }
    }
}
