// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>One search from beginning to end: decides how to search and shares the queries out.</summary>
internal sealed unsafe class GraphSearch
{
    private const int SampleSize = 1000;
    private const int QueriesOfThread = 4;
    private const int SharesOfThread = 8;
    private const int MostQueriesOfShare = 16;

    // Comparisons that a candidate of a walk costs, roughly, as a multiple of those of a comparison with all.
    private const double ComparisonsOfCandidate = 16;

    private readonly GraphNodes _nodes;
    private readonly int _k;
    private readonly SearchOptions _options;
    private readonly Lazy<int[]> _members;

    public GraphSearch(
        GraphNodes nodes, GraphState state, int k, SearchOptions options, int candidates, double? knownShare)
    {
        _nodes = nodes;
        State = state;
        _k = Math.Min(k, state.Count);
        _options = options;
        _members = new Lazy<int[]>(FindMembers);
        candidates = Math.Max(candidates, _k);
        double share = options.Filter is null || candidates >= state.Count ? 1 : knownShare ?? EstimateShare();
        double needed = candidates / share;
        IsExact = _k >= state.Count
            || needed >= state.Count
            || (state.Count < RowCentre.LeastCount && !nodes.Codec.IsExact) // codes have no centre yet
            || state.Untrusted > 0
            || (share < 1 && IsLong(needed, share, state.Count));
        CandidateCount = IsExact ? 0 : (int)Math.Min(needed, state.Linked);
    }

    /// <summary>Says whether a walk takes longer than comparing with all entries that pass a filter.</summary>
    /// <param name="candidates">Candidates of the walk, with those that the filter will discard.</param>
    /// <param name="share">Share of the entries that pass.</param>
    /// <param name="count">Number of entries.</param>
    public static bool IsLong(double candidates, double share, int count) =>
        candidates * ComparisonsOfCandidate >= share * count;

    public GraphState State { get; }

    /// <summary>True where every entry is compared with.</summary>
    public bool IsExact { get; }

    /// <summary>Number of candidates of a walk, with those that the filter will discard.</summary>
    public int CandidateCount { get; }

    /// <summary>
    /// The slots of all entries that may be neighbours, in the order of adding; made when first asked for.
    /// </summary>
    public int[] Members => _members.Value;

    /// <summary>Says whether an entry may be a neighbour.</summary>
    public bool Takes(ref GraphNode node) =>
        node.IsSeenBy(State.Version) && (_options.Filter is not { } filter || filter(node.Id));

    /// <summary>Gives the first that may be a neighbour, of a slot and the copies behind it; -1 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstTaken(int slot)
    {
        while (slot >= 0 && !Takes(ref _nodes.Node(slot))) slot = _nodes.NextCopy(slot);
        return slot;
    }

    /// <summary>Says whether a number of neighbours is less than there are.</summary>
    public bool HasFewer(int count) => count < _k && (_options.Filter is null || count < Members.Length);

    public void Run(float* queries, int count, NeighborTable neighbors, ConcurrentBag<GraphWorker> idle)
    {
        neighbors.Reset(count, _k);
        if (count == 0 || _k == 0) return;
        int workers = Math.Min(
            _options.ThreadCount ?? Environment.ProcessorCount, (count + QueriesOfThread - 1) / QueriesOfThread);
        int next = 0;
        QueryWorkers.Each(workers, workers, Start, Work, idle.Add);

        GraphWorker Start() => idle.TryTake(out GraphWorker? worker) ? worker : new GraphWorker(_nodes);

        void Work(GraphWorker worker, int place)
        {
            int d = _nodes.Codec.Dimension;
            int share = Math.Clamp(count / (SharesOfThread * workers), 1, MostQueriesOfShare);
            for (int end; (end = Interlocked.Add(ref next, share)) - share < count;)
            {
                for (int query = end - share; query < Math.Min(end, count); query++)
                    worker.Answer(this, queries + ((nint)query * d), neighbors.Write(query));
            }
        }
    }

    /// <summary>Estimates the share of entries that pass the filter, from entries evenly spread.</summary>
    private double EstimateShare()
    {
        int seen = 0;
        int passed = 0;
        double step = Math.Max(1, (double)State.End / SampleSize);
        for (double place = 0; place < State.End; place += step)
        {
            ref GraphNode node = ref _nodes.Node((int)place);
            if (!node.IsSeenBy(State.Version)) continue;
            seen++;
            if (_options.Filter!(node.Id)) passed++;
        }

        return (passed + 1.0) / (seen + 1.0);
    }

    private int[] FindMembers()
    {
        var slots = new List<int>();
        var sequences = new List<long>();
        for (int slot = 0; slot < State.End; slot++)
        {
            ref GraphNode node = ref _nodes.Node(slot);
            if (!Takes(ref node)) continue;
            slots.Add(slot);
            sequences.Add(_nodes.OrderOf(slot));
        }

        int[] members = [.. slots];
        long[] keys = [.. sequences];
        Array.Sort(keys, members);
        return members;
    }
}
