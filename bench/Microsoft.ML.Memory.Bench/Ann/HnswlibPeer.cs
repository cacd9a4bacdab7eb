// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>hnswlib, compiled here and driven by commands, so that both sides can be timed by turns.</summary>
internal sealed class HnswlibPeer : IDisposable
{
    public const string Missing =
        "hnswlib was not compared: no compiler or no header. Debian has them as g++ and libhnswlib-dev.";

    private const string Source = "hnswlib_bench.cpp";

    private readonly Process _process;
    private readonly string _folder;

    private HnswlibPeer(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Compiles and starts the peer on some work; null where it cannot be compiled.</summary>
    public static HnswlibPeer? Start(AnnWork work, GraphSettings settings)
    {
        string folder = Directory.CreateTempSubdirectory("hnswlib-bench").FullName;
        string program = Path.Combine(folder, "hnswlib_bench");
        if (FindSource() is not { } source
            || !Run("g++", "-O3", "-march=native", "-std=c++11", "-pthread", source, "-o", program))
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }

        string data = Path.Combine(folder, "work");
        work.Write(data);
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(data);
        start.ArgumentList.Add(Text(settings.LinkCount));
        start.ArgumentList.Add(Text(settings.BuildCandidateCount));
        return new HnswlibPeer(Process.Start(start)!, folder);
    }

    /// <summary>Builds the graph and gives the seconds it took.</summary>
    public double Build(int threads) => Ask($"build {Text(threads)}")[0];

    /// <summary>Searches for all queries and gives seconds and recall.</summary>
    public (double Seconds, double Recall) Search(int candidates, int threads)
    {
        double[] answer = Ask($"search {Text(candidates)} {Text(threads)}");
        return (answer[0], answer[1]);
    }

    public void Dispose()
    {
        _process.StandardInput.WriteLine("quit");
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindSource()
    {
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            string path = Path.Combine(up.FullName, "bench", "peers", Source);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    private static bool Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no compiler here
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private double[] Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"hnswlib must answer '{command}'. It ended.");
        return Array.ConvertAll(answer.Split(' '), number => double.Parse(number, CultureInfo.InvariantCulture));
    }
}
