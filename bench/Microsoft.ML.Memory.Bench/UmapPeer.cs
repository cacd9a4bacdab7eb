// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The map that umap-learn makes of the same rows, where Python finds it; null where it does not.</summary>
internal sealed record UmapPeer(double Seconds, string Version, float[] X, float[] Y)
{
    /// <summary>Maps rows.</summary>
    /// <param name="rows">[n, d].</param>
    /// <param name="count">Number of rows n.</param>
    /// <param name="neighborCount">Neighbours of a row, itself not counted.</param>
    public static UmapPeer? Run(float[] rows, int count, int neighborCount)
    {
        string folder = Directory.CreateTempSubdirectory("umap").FullName;
        try
        {
            string source = Path.Combine(folder, "rows");
            string target = Path.Combine(folder, "places");
            File.WriteAllBytes(source, MemoryMarshal.AsBytes<float>(rows));
            JsonElement? said = Call(source, $"{count}", $"{rows.Length / count}", $"{neighborCount}", target);
            if (said is not { } answer) return null;
            float[] places = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(target)).ToArray();
            return new UmapPeer(
                answer.GetProperty("seconds").GetDouble(),
                answer.GetProperty("version").GetString()!,
                [.. places.Where((_, index) => index % 2 == 0)],
                [.. places.Where((_, index) => index % 2 == 1)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JsonElement? Call(params string[] arguments)
    {
        var start = new ProcessStartInfo(FaissPeer.PythonPath)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers", "umap_map.py"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using Process? process = Process.Start(start);
            if (process == null) return null;
            _ = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? JsonDocument.Parse(output).RootElement : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no Python here
        }
    }
}
