// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>FAISS's IndexPQ on the same vectors and queries; null where Python finds no FAISS.</summary>
internal static class FaissQuantized
{
    /// <summary>Debian's packages are there, whatever other Python comes first.</summary>
    private const string DebianPython = "/usr/bin/python3";

    private const string Program = """
        import json, sys, time
        try:
            import faiss, numpy
        except ImportError as missing:
            sys.exit(f"{missing}; Debian has it as python3-faiss")
        rows_path, queries_path, d, m, k, repeats = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
        rows = numpy.fromfile(rows_path, dtype=numpy.float32).reshape(-1, d)
        queries = numpy.fromfile(queries_path, dtype=numpy.float32).reshape(-1, d)
        exact = faiss.IndexFlatL2(d)
        exact.add(rows)
        truth = exact.search(queries, k)[1]
        index = faiss.IndexPQ(d, m, 8)
        start = time.perf_counter()
        index.train(rows)
        index.add(rows)
        result = {"build": time.perf_counter() - start}
        for threads in (1, 2):
            faiss.omp_set_num_threads(threads)
            found = index.search(queries, k)[1]
            seconds = []
            for _ in range(repeats):
                start = time.perf_counter()
                index.search(queries, k)
                seconds.append(time.perf_counter() - start)
            result[f"threads{threads}"] = sorted(seconds)[repeats // 2]
        hits = sum(len(set(a) & set(b)) for a, b in zip(truth.tolist(), found.tolist()))
        result["recall"] = hits / truth.size
        print(json.dumps(result))
        """;

    /// <summary>Trains, adds and searches with 1 and 2 threads.</summary>
    public static JsonElement? Measure(QuantizedWork work, int repeats)
    {
        string rows = Path.GetTempFileName(), queries = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(rows, MemoryMarshal.AsBytes(work.Rows.AsSpan()).ToArray());
            File.WriteAllBytes(queries, MemoryMarshal.AsBytes(work.Queries.AsSpan()).ToArray());
            string python = File.Exists(DebianPython) ? DebianPython : "python3";
            var start = new ProcessStartInfo(python) { RedirectStandardOutput = true };
            start.Environment["OMP_WAIT_POLICY"] = "passive";
            int[] numbers = [work.Dimension, work.SubspaceCount, QuantizedWork.K, repeats];
            foreach (string argument in (string[])["-c", Program, rows, queries, .. numbers.Select(n => $"{n}")])
                start.ArgumentList.Add(argument);
            using Process? process = Process.Start(start);
            string output = process?.StandardOutput.ReadToEnd() ?? "";
            process?.WaitForExit();
            return process?.ExitCode == 0 ? JsonDocument.Parse(output).RootElement : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no Python here
        }
        finally
        {
            File.Delete(rows);
            File.Delete(queries);
        }
    }
}
