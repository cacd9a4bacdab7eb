// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory.Bench;

/// <summary>A memory beyond the 2 GiB of one ONNX file: what its export takes, and that its neighbours are ours.
/// </summary>
internal static class ExportLargeBench
{
    private const int EntryCount = 560_000;
    private const int Dimension = 1024;
    private const int ClassCount = 10;
    private const int QueryCount = 16;
    private const int NeighborCount = 5;

    public static void Run(BenchReport report)
    {
        const string name = "560,000 x 1,024";
        string folder = Directory.CreateTempSubdirectory("memory-ml-export-").FullName;
        string path = Path.Combine(folder, "large.onnx");
        try
        {
            (float[] queries, long[] own) = Export(report, name, path);

            // What was fitted is not needed any more, and the session takes as much again.
            GC.Collect();
            long start = Stopwatch.GetTimestamp();
            using var session = new InferenceSession(path);
            report.Add(new Figure(name, "open in ONNX Runtime", Seconds(start), "s"));
            start = Stopwatch.GetTimestamp();
            long[] found = Search(session, queries);
            report.Add(new Figure(name, $"run of {QueryCount} rows", Seconds(start), "s"));
            int same = own.Zip(found).Count(pair => pair.First == pair.Second);
            report.Add(new Figure(name, "own neighbours in their places", same / (double)own.Length, ""));
            report.Add(new Figure(
                name, "peak memory of the process", Process.GetCurrentProcess().PeakWorkingSet64 / 1e9, "GB"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (float[] Queries, long[] Own) Export(BenchReport report, string name, string path)
    {
        var mlContext = new MLContext(seed: 0);
        VisualMemoryTransformer memory = mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = NeighborCount,
                NeighborColumns = NeighborColumns.Ids,

                // A graph of the index would find others than the exact scan that is written.
                Index = new IndexOptions { Strategy = SearchStrategy.Exact },
            })
            .Fit(mlContext.Data.LoadFromEnumerable(Rows(EntryCount, seed: 1)));
        long start = Stopwatch.GetTimestamp();
        memory.ExportToOnnx(path);
        report.Add(new Figure(name, "export", Seconds(start), "s"));
        report.Add(new Figure(name, "model", new FileInfo(path).Length / 1e6, "MB"));
        string data = Directory.GetFiles(Path.GetDirectoryName(path)!, "*.data").Single();
        report.Add(new Figure(name, "values beside it", new FileInfo(data).Length / 1e6, "MB"));
        float[] queries = [.. Rows(QueryCount, seed: 2).SelectMany(row => row.Features)];
        var neighbors = new NeighborTable();
        memory.Model.Search(queries, NeighborCount, neighbors);
        var own = new List<long>();
        for (int query = 0; query < QueryCount; query++) own.AddRange(neighbors.IdsOf(query));
        return (queries, [.. own]);
    }

    private static long[] Search(InferenceSession session, float[] queries)
    {
        using var options = new RunOptions();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(queries, [QueryCount, Dimension]);
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            session.Run(options, ["Features"], [input], ["NeighborIds"]);
        return outputs[0].GetTensorDataAsSpan<long>().ToArray();
    }

    private static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;

    private static IEnumerable<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        var row = new Row { Features = new float[Dimension] };
        for (int index = 0; index < count; index++)
        {
            row.Label = (uint)(index % ClassCount);
            for (int i = 0; i < Dimension; i++) row.Features[i] = random.NextSingle() - 0.5f;
            yield return row;
        }
    }

    private sealed class Row
    {
        [KeyType(ClassCount)]
        public uint Label { get; set; }

        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }
}
