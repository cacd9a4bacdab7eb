// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The index on a torch device, against torch's own product and choice, and against the exact index.</summary>
internal static class TorchIndexBench
{
    private const int RowCount = 100_000;
    private const int Dimension = 768;
    private const int NeighborCount = 50;
    private const int ManyQueries = 1024;
    private const int MatrixSide = 8192;

    public static void Run(BenchReport report)
    {
        string device = torch.cuda.is_available() ? "cuda" : "cpu";
        var random = new Random(1);
        float[] rows = Filled(random, RowCount), queries = Filled(random, ManyQueries);
        using var peer = new TorchPeer(rows, Dimension, device);
        var exact = new FlatIndex(Dimension);
        long[] ids = [.. Enumerable.Range(0, RowCount)];
        exact.Add(ids, rows);
        (double bytes, double operations) = device == "cpu" ? (0, 0) : Limits();
        foreach (VectorEncoding encoding in Enum.GetValues<VectorEncoding>())
        {
            using var index = new TorchVectorIndex(
                Dimension, options: new TorchVectorIndexOptions { Device = device, Encoding = encoding });
            index.Add(ids, rows);
            foreach (int count in (int[])[1, ManyQueries])
            {
                float[] some = queries[..(count * Dimension)];
                string name = $"{device}, {encoding}, {count} quer{(count == 1 ? "y" : "ies")}, top {NeighborCount}";
                Timing own = Compare(report, name, index, exact, peer, some);
                if (bytes == 0) continue;
                double work = (double)RowCount * Dimension;
                if (count == 1) AddShare(report, name, "memory", own.Rate(work * BytesOf(encoding)), bytes, "B/s");
                else AddShare(report, name, "matrix", own.Rate(2 * work * count), operations, "flop/s");
            }
        }

        if (device == "cpu") report.Note("No CUDA device: shares of its bandwidth and matrix rate were not measured.");
    }

    private static Timing Compare(
        BenchReport report, string name, TorchVectorIndex index, FlatIndex exact, TorchPeer peer, float[] queries)
    {
        NeighborTable found = new(), expected = new();
        int count = queries.Length / Dimension;
        int left = index.Answer(queries, NeighborCount, found, null);
        exact.Search(queries, NeighborCount, expected);
        long differing = Enumerable.Range(0, count).Count(i => !found.IdsOf(i).SequenceEqual(expected.IdsOf(i)));
        Timing[] times = Timing.Alternate(
            count == 1 ? 15 : 3,
            () => index.Search(queries, NeighborCount, found),
            () => peer.Search(queries, NeighborCount),
            () => exact.Search(queries, NeighborCount, expected));
        report.Add(new Figure(name, "search", times[0].Rate(count), "queries/s")
        {
            Spread = times[0].Spread(count),
            Peer = "torch.matmul + torch.topk, float32",
            Ratio = times[1].Median / times[0].Median,
        });
        report.Add(new Figure(name, "search", times[0].Rate(count), "queries/s")
        {
            Peer = "FlatIndex",
            Ratio = times[2].Median / times[0].Median,
        });
        report.Add(new Figure(name, "queries with other ids than FlatIndex", differing, "queries"));
        report.Add(new Figure(name, "queries left to the host's scan", left, "queries"));
        report.Add(new Figure(name, "rows re-scored", (double)found.RescoredCount / count, "rows/query"));
        return times[0];
    }

    private static void AddShare(
        BenchReport report, string name, string what, double rate, double limit, string unit) =>
        report.Add(new Figure(name, $"{what} rate", rate, unit)
        {
            Peer = what == "memory" ? "sum of 1 GiB" : $"float32 matmul of side {MatrixSide}",
            Ratio = rate / limit,
        });

    /// <summary>Bytes a second that the device reads, and operations a second of its float products.</summary>
    private static (double Bytes, double Operations) Limits()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor much = torch.zeros(1L << 28, device: torch.CUDA);
        torch.Tensor square = torch.zeros(MatrixSide, MatrixSide, device: torch.CUDA);
        Timing[] times = Timing.Alternate(
            9, () => Ended(() => much.sum()), () => Ended(() => square.matmul(square)));
        return (times[0].BestRate(4.0 * (1L << 28)), times[1].BestRate(2.0 * MatrixSide * MatrixSide * MatrixSide));
    }

    private static void Ended(Func<torch.Tensor> work)
    {
        using torch.Tensor result = work();
        torch.cuda.synchronize();
    }

    private static int BytesOf(VectorEncoding encoding) => encoding switch
    {
        VectorEncoding.Half => 2,
        VectorEncoding.SignedByte => 1,
        _ => 4,
    };

    private static float[] Filled(Random random, int rows)
    {
        var values = new float[rows * Dimension];
        for (int i = 0; i < values.Length; i++) values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }
}
