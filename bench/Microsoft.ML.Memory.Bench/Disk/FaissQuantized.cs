// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>FAISS's IndexPQ on the same vectors and queries; null where Python finds no FAISS.</summary>
internal static class FaissQuantized
{
    public const string Missing =
        "FAISS was not compared: Python finds no module faiss. Debian has it as python3-faiss.";

    /// <summary>Trains, adds and searches with 1 and 2 threads, by codes alone and with vectors as well.</summary>
    public static JsonElement? Measure(QuantizedWork work, int repeats)
    {
        string rows = Path.GetTempFileName(), queries = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(rows, MemoryMarshal.AsBytes(work.Rows.AsSpan()).ToArray());
            File.WriteAllBytes(queries, MemoryMarshal.AsBytes(work.Queries.AsSpan()).ToArray());
            return Run(
                [rows, queries, .. ((int[])[
                    work.Dimension, work.SubspaceCount, QuantizedWork.K, new QuantizedSettings().CandidateFactor,
                    repeats]).Select(number => $"{number}")]);
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

    private static JsonElement? Run(string[] arguments)
    {
        var start = new ProcessStartInfo(FaissPeer.PythonPath)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_WAIT_POLICY"] = "passive" },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers", "faiss_pq.py"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process? process = Process.Start(start);
        if (process is null) return null;
        _ = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonDocument.Parse(output).RootElement : null;
    }
}
