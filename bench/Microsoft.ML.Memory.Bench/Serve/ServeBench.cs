// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The server of examples/Serve under load from this process.</summary>
internal static class ServeBench
{
    private const string MinutesVariable = "SERVE_BENCH_MINUTES";
    private const int BankCount = 60_000;
    private const int MostConnections = 64;
    private const int AddsPerSecond = 200;

    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(8);

    public static void Run(BenchReport report)
    {
        DigitImages bank = ServeModel.Images(report, "train", BankCount);
        DigitImages other = ServeModel.Images(report, "t10k", 10_000);
        string folder = Directory.CreateTempSubdirectory("serve-bench-").FullName;
        string model = Path.Combine(folder, "model.zip");
        try
        {
            ServeModel.Save(bank, model);
            RunAsync(report, model, bank, other).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(BenchReport report, string model, DigitImages bank, DigitImages other)
    {
        byte[][] queries = ServeModel.Queries(other);
        double single = await OneByOneAsync(report, model, queries);
        using var server = ServeProcess.Start(model);
        await Load.RunAsync(server, queries, MostConnections, _turn); // warm-up
        foreach (int connections in (int[])[1, 16, MostConnections])
        {
            Load load = await Load.RunAsync(server, queries, connections, _turn);
            Report(report, $"{connections} connections", load, connections == MostConnections ? single : null);
        }

        await AddAsync(report, server, queries, other);
        await ReloadAsync(report, server, queries, model, bank);
        await StayAsync(report, server, queries);
    }

    /// <summary>Measures requests that are predicted one after the other.</summary>
    private static async Task<double> OneByOneAsync(BenchReport report, string model, byte[][] queries)
    {
        using var server = ServeProcess.Start(model, "BatchRows=1");
        await Load.RunAsync(server, queries, MostConnections, _turn / 2); // warm-up
        Load load = await Load.RunAsync(server, queries, MostConnections, _turn);
        Report(report, $"{MostConnections} connections, one by one", load, null);
        return load.Rate;
    }

    private static void Report(BenchReport report, string name, Load load, double? single)
    {
        report.Add(new Figure(name, "predict", load.Rate, "requests/s")
        {
            Peer = single is null ? null : "one by one",
            Ratio = load.Rate / single,
            Floor = single is null ? null : 3,
        });
        report.Add(new Figure(name, "p50", load.Percentile(0.5), "ms"));
        report.Add(new Figure(name, "p99", load.Percentile(0.99), "ms"));
    }

    private static async Task AddAsync(
        BenchReport report, ServeProcess server, byte[][] queries, DigitImages other)
    {
        Load before = await Load.RunAsync(server, queries, MostConnections, _turn);
        Task<Load> adding = Load.PaceAsync(
            server, number => ServeModel.Example(other, number), AddsPerSecond, _turn);
        Load during = await Load.RunAsync(server, queries, MostConnections, _turn);
        Load adds = await adding;
        string name = $"{MostConnections} connections, {AddsPerSecond} durable adds a second";
        report.Add(new Figure(name, "add", adds.Rate, "adds/s")
        {
            Spread = string.Create(
                CultureInfo.InvariantCulture, $"p50 {adds.Percentile(0.5):G4} ms, p99 {adds.Percentile(0.99):G4} ms"),
            Peer = $"{AddsPerSecond} a second, none failed",
            Ratio = adds.FailedCount > 0 ? 0 : adds.Rate / AddsPerSecond,
            Floor = 0.95,
        });
        report.Add(new Figure(name, "predict", during.Rate, "requests/s"));
        report.Add(new Figure(name, "p99", during.Percentile(0.99), "ms")
        {
            Peer = string.Create(
                CultureInfo.InvariantCulture, $"4 times the p99 without adds, {before.Percentile(0.99):G4} ms"),
            Ratio = 4 * before.Percentile(0.99) / during.Percentile(0.99),
            Floor = 1,
        });
    }

    private static async Task ReloadAsync(
        BenchReport report, ServeProcess server, byte[][] queries, string model, DigitImages bank)
    {
        string old = server.Version(), next = model + ".next";
        ServeModel.Save(bank.Take(bank.Count - 1), next);
        Task<Load> asking = Load.RunAsync(server, queries, MostConnections, _turn);
        await Task.Delay(_turn / 8);
        File.Move(next, model, overwrite: true);
        Load load = await asking;
        bool isTaken = server.Version() != old;
        int count = load.Seconds.Length + load.FailedCount;
        report.Add(new Figure($"{MostConnections} connections over a reload", "answered", load.Seconds.Length, "requests")
        {
            Peer = isTaken ? "all that were sent" : "the new model was not taken",
            Ratio = isTaken ? (double)load.Seconds.Length / count : 0,
            Floor = 1,
        });
        report.Add(new Figure($"{MostConnections} connections over a reload", "longest", load.Percentile(1), "ms"));
    }

    private static async Task StayAsync(BenchReport report, ServeProcess server, byte[][] queries)
    {
        const int Parts = 12;
        double minutes = double.Parse(
            Environment.GetEnvironmentVariable(MinutesVariable) ?? "1", CultureInfo.InvariantCulture);
        TimeSpan part = TimeSpan.FromMinutes(minutes) / Parts;
        var bytes = new long[Parts];
        int failed = 0;
        for (int index = 0; index < Parts; index++)
        {
            failed += (await Load.RunAsync(server, queries, MostConnections, part)).FailedCount;
            bytes[index] = server.MemoryBytes();
        }

        double early = bytes[(Parts / 4)..(Parts / 2)].Max(), late = bytes[(Parts / 2)..].Max();
        string name = string.Create(CultureInfo.InvariantCulture, $"{MostConnections} connections for {minutes} min");
        report.Add(new Figure(name, "memory of the process", late / 1e6, "MB")
        {
            Peer = string.Create(CultureInfo.InvariantCulture, $"the second quarter of the time, {early / 1e6:G4} MB"),
            Ratio = failed > 0 ? 0 : early / late,
            Floor = 0.95,
        });
        report.Note($"{MinutesVariable}=10 keeps the load up for ten minutes.");
    }
}
