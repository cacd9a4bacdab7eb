// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The graph against hnswlib: building, searching at equal recall, and replacing half of it.</summary>
internal static class AnnRows
{
    private const double Recall = 0.95;
    private const int Repeats = 5;
    private const double LeastSeconds = 0.25; // a search of a few milliseconds is at the mercy of whatever else runs

    private static readonly int[] _candidates = [10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448];

    public static void Run(BenchReport report)
    {
        int threads = Environment.ProcessorCount;
        AnnWork?[] works =
        [
            AnnWork.Words(), AnnWork.Digits(10_000), AnnWork.Projected(100_000, 128, 24, 10_000),
            AnnWork.Projected(500_000, 128, 24, 10_000),
        ];
        if (works.Any(work => work is null))
            report.Note("Real data were left out: set MEMORY_ML_DATA to the data folder.");
        foreach (AnnWork? work in works)
        {
            if (work is not null) Run(report, work, threads);
        }
    }

    private static void Run(BenchReport report, AnnWork work, int threads)
    {
        using HnswlibPeer? peer = HnswlibPeer.Start(work, new GraphSettings());
        if (peer is null) report.Note(HnswlibPeer.Missing);
        GraphIndex graph = Building(report, work, peer, threads);
        Searching(report, work, graph, VectorEncoding.Single, peer, threads);
        foreach (VectorEncoding encoding in (VectorEncoding[])[VectorEncoding.Half, VectorEncoding.SignedByte])
        {
            GraphIndex coded = Build(work, new GraphSettings { Encoding = encoding, ThreadCount = threads });
            Searching(report, work, coded, encoding, peer, threads);
        }

        Replacing(report, work, graph, threads);
    }

    private static GraphIndex Building(BenchReport report, AnnWork work, HnswlibPeer? peer, int threads)
    {
        int repeats = work.RowCount > 200_000 ? 1 : Repeats;
        var settings = new GraphSettings { ThreadCount = threads };
        var ours = new List<double>();
        var theirs = new List<double>();
        GraphIndex graph;
        do
        {
            if (peer is not null) theirs.Add(peer.Build(threads));
            long start = Stopwatch.GetTimestamp();
            graph = Build(work, settings);
            ours.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (ours.Count < repeats);

        double median = Median(ours);
        report.Add(new Figure($"{work.Name}, {threads} threads", "build", work.RowCount / median, "entries/s")
        {
            Spread = Invariant($"{work.RowCount / ours.Max():G4}-{work.RowCount / ours.Min():G4}"),
            Peer = peer is null ? null : Invariant($"hnswlib, {work.RowCount / Median(theirs):G4} entries/s"),
            Ratio = peer is null ? null : Median(theirs) / median,
            Floor = 1,
        });
        return graph;
    }

    private static GraphIndex Build(AnnWork work, GraphSettings settings)
    {
        var graph = new GraphIndex(work.Dimension, work.Metric, settings);
        graph.Add([.. Enumerable.Range(0, work.RowCount).Select(row => (long)row)], work.Rows);
        return graph;
    }

    /// <summary>Searches by turns with rising numbers of candidates until both sides are above the recall.</summary>
    private static void Searching(
        BenchReport report,
        AnnWork work,
        GraphIndex graph,
        VectorEncoding encoding,
        HnswlibPeer? peer,
        int threads)
    {
        var ours = new RecallCurve();
        var theirs = new RecallCurve();
        foreach (int candidates in _candidates)
        {
            var mine = new List<double>();
            var others = new List<double>();
            (double Ours, double Theirs) found = default;
            for (int repeat = -1; repeat < Repeats || mine.Sum() < LeastSeconds; repeat++)
            {
                (double seconds, double recall) = Search(work, graph, candidates, threads);
                (double otherSeconds, double otherRecall) = peer?.Search(candidates, threads) ?? (1, 1);
                found = (recall, otherRecall);
                if (repeat < 0) continue; // the warm-up
                mine.Add(seconds);
                others.Add(otherSeconds);
            }

            ours.Add(found.Ours, work.QueryCount / Median(mine));
            theirs.Add(found.Theirs, work.QueryCount / Median(others));
            if (ours.RateAt(Recall) is not null && (peer is null || theirs.RateAt(Recall) is not null)) break;
        }

        double? rate = ours.RateAt(Recall);
        double? theirRate = peer is null ? null : theirs.RateAt(Recall);
        string name = $"{work.Name}, {encoding}, {threads} threads";
        report.Add(new Figure(name, "search at recall@10 0.95", rate ?? 0, "queries/s")
        {
            Peer = theirRate is null ? null : Invariant($"hnswlib, {theirRate:G4} queries/s"),
            Ratio = rate / theirRate,
            Floor = 1.2,
        });
    }

    private static (double Seconds, double Recall) Search(AnnWork work, GraphIndex graph, int candidates, int threads)
    {
        var options = new SearchOptions { ThreadCount = threads, CandidateCount = candidates };
        var found = new NeighborTable();
        long start = Stopwatch.GetTimestamp();
        graph.Search(work.Queries, AnnWork.K, found, options);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, work.RecallOf(found));
    }

    /// <summary>
    /// Removes every other entry and adds it again, a hundredth at a time: the same rows, so the same truth.
    /// </summary>
    private static void Replacing(BenchReport report, AnnWork work, GraphIndex graph, int threads)
    {
        const int Candidates = 64;
        double before = Search(work, graph, Candidates, threads).Recall;
        long[] half = [.. Enumerable.Range(0, work.RowCount / 2).Select(row => 2L * row)];
        long start = Stopwatch.GetTimestamp();
        foreach (long[] ids in half.Chunk(Math.Max(1, half.Length / 100)))
        {
            graph.Remove(ids);
            graph.Add(
                ids,
                [.. ids.SelectMany(id => work.Rows.AsSpan((int)id * work.Dimension, work.Dimension).ToArray())]);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string name = $"{work.Name}, half replaced, {threads} threads";
        report.Add(new Figure(name, "remove and add", half.Length / seconds, "entries/s"));
        double after = Search(work, graph, Candidates, threads).Recall;
        report.Add(new Figure(name, $"recall@10, {Candidates} candidates", after, "")
        {
            Peer = Invariant($"before, {before:G4}"),
            Ratio = after / before,
            Floor = 0.995,
        });
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
