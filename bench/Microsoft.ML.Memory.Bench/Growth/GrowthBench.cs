// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>How the time of a query and of adding an entry grows with the number of entries, index by index.</summary>
internal static class GrowthBench
{
    private const int Dimension = 128;
    private const int Queries = 200;
    private const int Repeats = 5;
    private const int ChunkRows = 50_000;

    private static readonly string _path = Path.Combine(Path.GetTempPath(), $"growth-{Environment.ProcessId}.index");

    private static readonly int[] _counts = [10_000, 40_000, 160_000, 640_000, 2_000_000];

    private static readonly Contender[] _contenders =
    [
        new("exact, vectors", count => Filled(
            new FlatIndex(Dimension, Metric.SquaredEuclidean, ScanPrecision.Single), count)),
        new("exact, codes", count => Filled(
            new FlatIndex(Dimension, Metric.SquaredEuclidean, ScanPrecision.SignedByte), count)),
        new("product quantisation", count => Filled(new QuantizedIndex(Dimension, Metric.SquaredEuclidean), count)),
        new("graph, 8-bit codes", count => Filled(
            new GraphIndex(
                Dimension, Metric.SquaredEuclidean, new GraphSettings { Encoding = VectorEncoding.SignedByte }),
            count)),
        new("clustered, on disk", Clustered),
    ];

    public static void Run(BenchReport report)
    {
        var plot = new GrowthPlot($"Time of one query against the number of entries of {Dimension} values");
        foreach (Contender contender in _contenders) Run(report, contender, plot);
        string path = Path.Combine(AppContext.BaseDirectory, "growth.svg");
        File.WriteAllText(path, plot.ToSvg());
        report.Note($"The plot is in {Path.GetFileName(path)} beside the program.");
    }

    private static void Run(BenchReport report, Contender contender, GrowthPlot plot)
    {
        var searches = new List<(double Count, double Seconds)>();
        var additions = new List<(double Count, double Seconds)>();
        foreach (int count in _counts)
        {
            (IVectorIndex index, double seconds) = contender.Create(count);
            double query = TimeOfQuery(index);
            (index as IDisposable)?.Dispose();
            File.Delete(_path);
            searches.Add((count, query));
            additions.Add((count, seconds));
            string name = string.Create(CultureInfo.InvariantCulture, $"{contender.Name}, {count} x {Dimension}");
            report.Add(new Figure(name, "one query", query * 1e6, "us"));
            report.Add(new Figure(name, "add all", seconds, "s"));
        }

        plot.Add(contender.Name, searches);
        report.Add(new Figure(contender.Name, "exponent of the time of a query", Exponent(searches), ""));
        report.Add(new Figure(contender.Name, "exponent of the time to add all", Exponent(additions), ""));
    }

    /// <summary>Adds rows chunk by chunk; the time to make them does not count.</summary>
    private static (IVectorIndex Index, double Seconds) Filled(IVectorIndex index, int count)
    {
        double seconds = 0;
        foreach (VectorBatch batch in Batches(count))
        {
            long began = Stopwatch.GetTimestamp();
            index.Add(batch.Ids.Span, batch.Vectors.Span);
            seconds += Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        return (index, seconds);
    }

    /// <summary>Builds a file from a stream of rows; the time to make them, twice, does count.</summary>
    private static (IVectorIndex Index, double Seconds) Clustered(int count)
    {
        long began = Stopwatch.GetTimestamp();
        var index = ClusteredIndex.Build(_path, Batches(count), Dimension, Metric.SquaredEuclidean);
        return (index, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static IEnumerable<VectorBatch> Batches(int count)
    {
        var rows = new ProjectedRows(Dimension, latent: 24, seed: 3);
        for (int start = 0; start < count; start += ChunkRows)
        {
            int these = Math.Min(ChunkRows, count - start);
            long[] ids = [.. Enumerable.Range(start, these).Select(id => (long)id)];
            yield return new VectorBatch(ids, rows.Next(these));
        }
    }

    /// <summary>Searches for queries one at a time, by one thread.</summary>
    private static double TimeOfQuery(IVectorIndex index)
    {
        float[] queries = new ProjectedRows(Dimension, latent: 24, seed: 4).Next(Queries);
        var found = new NeighborTable();
        var options = new SearchOptions { ThreadCount = 1 };
        Timing timing = Timing.Of(
            () =>
            {
                for (int query = 0; query < Queries; query++)
                    index.Search(queries.AsSpan(query * Dimension, Dimension), 10, found, options);
            },
            Repeats);
        return timing.Median / Queries;
    }

    /// <summary>Gives the slope of the straight line through the logarithms, by least squares.</summary>
    private static double Exponent(List<(double Count, double Seconds)> points)
    {
        double x = points.Average(point => Math.Log(point.Count));
        double y = points.Average(point => Math.Log(point.Seconds));
        return points.Sum(point => (Math.Log(point.Count) - x) * (Math.Log(point.Seconds) - y))
            / points.Sum(point => Math.Pow(Math.Log(point.Count) - x, 2));
    }

    private sealed record Contender(string Name, Func<int, (IVectorIndex Index, double Seconds)> Create);
}
