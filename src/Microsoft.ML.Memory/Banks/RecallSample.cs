// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Entries held out of a graph until it is known how many of their neighbours it finds.</summary>
/// <remarks>
/// <para>An entry of the graph is no fair query: it is linked with its neighbours. Those held out are as new to it as
/// a row that is yet to come. A neighbour counts as found where one as near is, so that equal entries do not
/// matter.</para>
/// <para>The draw follows from the seed and the entries. Cost: s exact searches, s at most 256, read as vectors, since
/// codes made for them would stay; and as many along the graph for each width that is tried.</para>
/// </remarks>
internal sealed class RecallSample
{
    // A candidate costs as much as comparing with 80 entries or so for a query alone, 500 in blocks: bench recall.
    private const int ComparisonsOfCandidate = 128;

    private const int MostQueries = 256; // links are made for as many at once
    private const int LeastOthers = 16; // entries for each that is held out
    private const int MostNeighbors = 1 << 20; // of all queries together

    private readonly NeighborTable _nearest = new();
    private readonly NeighborTable _found = new();
    private readonly float[] _queries;
    private readonly int _k;
    private readonly int _widest;
    private readonly GraphSettings _settings;

    private RecallSample(BankSnapshot memory, Entry[] entries, int k, GraphSettings settings)
    {
        _settings = settings;
        _k = Math.Min(k, memory.Count - entries.Length);
        _widest = WidestFor(memory.Count);
        Sequences = Array.ConvertAll(entries, entry => entry.Sequence);
        _queries = new float[entries.Length * memory.Dimension];
        for (int query = 0; query < entries.Length; query++)
            memory.CopyKey(entries[query].Position, _queries.AsSpan(query * memory.Dimension, memory.Dimension));
        HashSet<long> ids = [.. entries.Select(entry => entry.Id)];
        var options = new SearchOptions
        {
            Filter = id => !ids.Contains(id),
            Precision = ScanPrecision.Single,
            ThreadCount = settings.ThreadCount,
        };
        memory.Search(_queries, _k, _nearest, options);
    }

    /// <summary>Sequence numbers of the entries, ascending.</summary>
    public long[] Sequences { get; }

    /// <summary>Gives the number of candidates beyond which comparing with all entries is as fast.</summary>
    public static int WidestFor(int count) => count / ComparisonsOfCandidate;

    /// <summary>Draws entries and finds their nearest among the others.</summary>
    /// <param name="memory">At least two entries, without a graph.</param>
    /// <param name="k">Neighbours of a query, at least 1.</param>
    /// <param name="settings">Of the graph; its seed is that of the draw.</param>
    public static RecallSample Draw(BankSnapshot memory, int k, GraphSettings settings)
    {
        int most = Math.Max(1, MostNeighbors / Math.Min(k, memory.Count));
        int count = Math.Max(1, Math.Min(Math.Min(MostQueries, most), memory.Count / LeastOthers));
        var random = new SeededRandom(settings.Seed);
        var drawn = new HashSet<int>();
        while (drawn.Count < count) drawn.Add(random.Next(memory.Count));
        Entry[] entries = [.. memory.Entries.Where((_, rank) => drawn.Contains(rank))];
        return new RecallSample(memory, entries, k, settings);
    }

    /// <summary>Doubles the number of candidates until as many neighbours are found as asked for.</summary>
    /// <param name="graph">All other entries, by their sequence numbers.</param>
    /// <param name="target">Share of the neighbours, in (0, 1].</param>
    /// <returns>What is found: less than asked for where more candidates would take as long as all entries.</returns>
    public GraphRecall Tune(GraphIndex graph, double target)
    {
        int candidates = Math.Max(_settings.SearchCandidateCount, _k);
        double share = ShareFound(graph, candidates);
        for (; share < target && 2L * candidates <= _widest; share = ShareFound(graph, candidates)) candidates *= 2;
        return new GraphRecall(share, candidates, _k, Sequences.Length);
    }

    private double ShareFound(GraphIndex graph, int candidates)
    {
        var options = new SearchOptions { CandidateCount = candidates, ThreadCount = _settings.ThreadCount };
        graph.Search(_queries, _k, _found, options);
        long found = 0;
        for (int query = 0; query < Sequences.Length; query++)
        {
            float farthest = _nearest.DistancesOf(query)[^1];
            foreach (float distance in _found.DistancesOf(query)) found += distance <= farthest ? 1 : 0;
        }

        return found / ((double)Sequences.Length * _k);
    }
}
