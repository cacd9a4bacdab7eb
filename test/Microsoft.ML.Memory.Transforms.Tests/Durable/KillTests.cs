// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Kills processes that change a memory; each of them first checks what the one before it has left.</summary>
[TestClass]
public sealed class KillTests
{
    private const int KillsOfLane = 100;
    private const int LaneCount = 3;
    private const int WriterCount = 4;

    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";
    private int _whileCompacting;
    private int _whileOpening;

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Nothing_is_lost_in_300_kills()
    {
        int[][] counts = await Task.WhenAll(
            Enumerable.Range(0, LaneCount).Select(lane => Task.Run(() => LaneAsync(lane))));

        int changes = counts.Sum(each => each.Sum());
        Console.WriteLine(
            $"{KillsOfLane * LaneCount} kills, {_whileCompacting} of them within a compaction, "
            + $"{_whileOpening} before the memory was open; {changes} changes");
        Assert.IsGreaterThan(20, _whileCompacting);
        Assert.IsGreaterThan(1000, changes);
    }

    /// <summary>Kills one process after the other and gives what its writers have done.</summary>
    private async Task<int[]> LaneAsync(int lane)
    {
        string path = Path.Combine(_folder, $"lane-{lane}", DurableModels.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, DurableModels.Visual(_mlContext));
        var random = new Random(lane);
        int[] counts = new int[WriterCount];
        for (int kill = 0; kill <= KillsOfLane; kill++)
        {
            await KillAsync(path, counts, random, isLast: kill == KillsOfLane);
            if (File.Exists(path + ".compacting") || File.Exists(path + ".journal.old"))
                Interlocked.Increment(ref _whileCompacting);
        }

        return counts;
    }

    /// <summary>Starts a process and kills it, after some changes and some time; the last only checks.</summary>
    private async Task KillAsync(string path, int[] counts, Random random, bool isLast)
    {
        bool isWithinOpening = !isLast && random.Next(8) == 0;
        int lines = isLast ? 2 : isWithinOpening ? 1 : 2 + random.Next(16);
        int milliseconds = isLast ? 0 : random.Next(isWithinOpening ? 40 : 10);
        using Process process = Programs.Start(
            "KilledProcess.dll",
            [path, .. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task kill = Task.CompletedTask;
        bool isOpen = false;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            isOpen |= Read(line, counts);
            if (--lines == 0) kill = Kill(process, milliseconds);
        }

        await kill;
        await process.WaitForExitAsync();
        Assert.AreEqual("", await error);
        Assert.IsTrue(isOpen || isWithinOpening);
        if (!isOpen) Interlocked.Increment(ref _whileOpening);
    }

    private static async Task Kill(Process process, int milliseconds)
    {
        await Task.Delay(milliseconds);
        process.Kill();
    }

    /// <summary>Reads a line that is whole: the last may have been cut.</summary>
    private static bool Read(string line, int[] counts)
    {
        Assert.IsFalse(line.StartsWith("lost", StringComparison.Ordinal), line);
        if (line == "opening") return false;
        string[] words = line.Split(' ');
        if (words[0] != "opened")
        {
            int writing = int.Parse(words[0], CultureInfo.InvariantCulture);
            counts[writing] = int.Parse(words[1], CultureInfo.InvariantCulture);
            return false;
        }

        for (int writer = 0; writer < counts.Length; writer++)
            counts[writer] = int.Parse(words[writer + 1], CultureInfo.InvariantCulture);
        return true;
    }
}
