// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Bench;

/// <summary>OpenBLAS's matrix product of the same shape, without any selection; a remark where it is missing.</summary>
internal static unsafe class OpenBlasPeer
{
    private const string Library = "libopenblas.so.0";
    private const int Repeats = 7;
    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    public static void Run(BenchReport report, SearchWorkload work, int queries, int k, int threads)
    {
        if (!NativeLibrary.TryLoad(Library, out nint library))
        {
            report.Note("OpenBLAS was not compared: no library. Debian has it as libopenblas0-pthread.");
            return;
        }

        var setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        setThreads(threads);
        var products = new float[(long)queries * work.RowCount];
        Timing[] times = Timing.Alternate(
            Repeats,
            () => Multiply(library, work, queries, products),
            () => work.Search(queries, k, threads, ScanWidths.Best));
        double operations = 2.0 * queries * work.ValueCount / 1e9;
        string name = string.Create(CultureInfo.InvariantCulture, $"{queries} queries, top {k}, {threads} threads");
        report.Add(new Figure(name, "search", times[1].Rate(operations), "Gflop/s")
        {
            Spread = times[1].Spread(operations),
            Peer = FormattableString.Invariant($"OpenBLAS sgemm alone, {times[0].Rate(operations):G4} Gflop/s"),
            Ratio = times[0].Median / times[1].Median,
            Floor = 1,
        });
    }

    private static void Multiply(nint library, SearchWorkload work, int queries, float[] products)
    {
        var sgemm = (delegate* unmanaged<
            int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        int d = work.Dimension;
        fixed (float* q = work.Queries, target = products)
        {
            sgemm(
                RowMajor, NoTranspose, Transpose, queries, work.RowCount, d, 1, q, d, work.Rows, d, 0, target,
                work.RowCount);
        }
    }
}
