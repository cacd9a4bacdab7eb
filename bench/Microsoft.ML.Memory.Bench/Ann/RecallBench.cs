// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>
/// What it costs to measure a graph before it is taken, how far the measure can be trusted, and what is found by inner
/// product.
/// </summary>
internal static class RecallBench
{
    private const int K = 10;
    private const int Queries = 1000;
    private const int TimedQueries = 100;
    private const int Repeats = 5;
    private const double Target = 0.95;

    private static readonly GraphSettings _settings = new() { Encoding = VectorEncoding.SignedByte };

    public static void Run(BenchReport report)
    {
        Run(report, "24 latent", 100_000, 128, count => new ProjectedRows(128, latent: 24, seed: 3).Next(count));
        Run(report, "noise", 30_000, 1024, count => Noise(count * 1024));
        Run(report, "noise", (1 << 17) + 1, 1024, count => Noise(count * 1024));
        foreach (float offset in (float[])[0, 1, 4]) RunProducts(report, 20_000, 64, offset);
    }

    /// <summary>Searches by inner product for queries around the origin and for queries off it as rows are.</summary>
    private static void RunProducts(BenchReport report, int count, int dimension, float offset)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{count} x {dimension}, noise {offset} off the origin");
        float[] noise = Noise((count + Queries) * dimension);
        float[] values = Array.ConvertAll(noise, value => value + offset);
        var bank = new MemoryBank(dimension, Metric.InnerProduct);
        bank.AddRange(values.AsSpan(0, count * dimension), new int[count]);
        BankSnapshot exact = bank.Snapshot();
        GraphIndex graph = Built(exact, []);

        int candidates = _settings.SearchCandidateCount;
        string measured = string.Create(CultureInfo.InvariantCulture, $"recall@{K}, {candidates} candidates, queries");
        double around = Share(exact, graph, noise[(count * dimension)..], candidates);
        report.Add(new Figure(name, $"{measured} around the origin", around, ""));
        double alike = Share(exact, graph, values[(count * dimension)..], candidates);
        report.Add(new Figure(name, $"{measured} like the rows", alike, ""));
    }

    private static void Run(BenchReport report, string kind, int count, int dimension, Func<int, float[]> draw)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{count} x {dimension}, {kind}");
        float[] values = draw(count + Queries);
        float[] queries = values[(count * dimension)..];
        var bank = new MemoryBank(dimension);
        bank.AddRange(values.AsSpan(0, count * dimension), new int[count]);
        BankSnapshot exact = bank.Snapshot();

        (RecallSample sample, double draws) = Timed(() => RecallSample.Draw(exact, K, _settings));
        (GraphIndex graph, double builds) = Timed(() => Built(exact, sample.Sequences));
        (GraphRecall recall, double tunes) = Timed(() => sample.Tune(graph, Target));

        report.Add(new Figure(name, "build", builds, "s"));
        report.Add(Part(name, $"exact search of the {recall.QueryCount} held out", draws, builds));
        report.Add(Part(name, $"search along the graph, up to {recall.CandidateCount} candidates", tunes, builds));
        string with = string.Create(CultureInfo.InvariantCulture, $"{recall.CandidateCount} candidates");
        report.Add(new Figure(name, $"recall@{K} of rows held out, {with}", recall.Share, ""));
        double fresh = Share(exact, graph, queries, recall.CandidateCount);
        report.Add(new Figure(name, $"recall@{K} of {Queries} new rows, {with}", fresh, ""));
        TimeQueries(report, name, exact, graph, queries.AsSpan(0, TimedQueries * dimension).ToArray());
    }

    /// <summary>Times the widest search that is tried against comparing with all, one by one and in a block.</summary>
    private static void TimeQueries(
        BenchReport report, string name, BankSnapshot exact, GraphIndex graph, float[] queries)
    {
        int widest = RecallSample.WidestFor(exact.Count);
        var found = new NeighborTable();
        var one = new SearchOptions { ThreadCount = 1 };
        foreach (int rows in (int[])[1, TimedQueries])
        {
            Timing[] times = Timing.Alternate(
                Repeats,
                () => InTurn(exact.Dimension, rows, queries, part => exact.Search(part, K, found, one)),
                () => InTurn(
                    exact.Dimension,
                    rows,
                    queries,
                    part => graph.Search(part, K, found, one with { CandidateCount = widest })));
            double all = times[0].Median / TimedQueries;
            double walk = times[1].Median / TimedQueries;
            report.Add(new Figure(name, $"a query of {rows}, {widest} candidates, 1 thread", walk * 1e3, "ms")
            {
                Peer = string.Create(CultureInfo.InvariantCulture, $"comparing with all, {all * 1e3:G4} ms"),
                Ratio = all / walk,
            });
        }
    }

    private static void InTurn(int dimension, int rows, float[] queries, Action<float[]> search)
    {
        foreach (float[] part in queries.Chunk(rows * dimension)) search(part);
    }

    private static Figure Part(string name, string metric, double seconds, double ofSeconds) =>
        new(name, metric, seconds, "s") { Peer = "the build", Ratio = ofSeconds / seconds };

    private static (T Result, double Seconds) Timed<T>(Func<T> work)
    {
        long began = Stopwatch.GetTimestamp();
        T result = work();
        return (result, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Builds a graph of all entries but some, named in ascending order.</summary>
    private static GraphIndex Built(BankSnapshot memory, long[] heldOut)
    {
        var graph = new GraphIndex(memory.Dimension, memory.Metric, _settings, ScanWidths.Best, borrowsRows: true);
        Entry[] entries =
            [.. memory.Entries.Where(entry => Array.BinarySearch(heldOut, entry.Sequence) < 0)];
        graph.AddRows(
            Array.ConvertAll(entries, entry => entry.Sequence),
            Array.ConvertAll(entries, entry => memory.KeyAddressAt(entry.Position)));
        return graph;
    }

    private static double Share(BankSnapshot exact, GraphIndex graph, float[] queries, int candidates)
    {
        NeighborTable nearest = new(), found = new();
        exact.Search(queries, K, nearest);
        graph.Search(queries, K, found, new SearchOptions { CandidateCount = candidates });
        return Enumerable.Range(0, Queries).Average(
            query => found.IdsOf(query).ToArray().Intersect(nearest.IdsOf(query).ToArray()).Count() / (double)K);
    }

    private static float[] Noise(int count)
    {
        var random = new SeededRandom(5);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)random.NextGaussian();
        return values;
    }
}
