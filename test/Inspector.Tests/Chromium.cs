// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace MemoryServe;

/// <summary>Node with its packages, and the browser that the machine has.</summary>
internal static class Chromium
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    /// <summary>Says what is missing; null where nothing is.</summary>
    public static async Task<string?> FindProblemAsync(string folder)
    {
        if (!File.Exists(Program)) return $"{Program} must be there, or CHROMIUM_PATH name another. It is not.";
        if (await RunAsync(folder, "node", ["--version"]) is not { ExitCode: 0 })
            return "node must be installed. It is not.";
        string locked = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"));
        string stamp = Path.Combine(folder, "node_modules", ".stamp");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == locked) return null;
        Ending? install = await RunAsync(
            folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]);
        if (install is not { ExitCode: 0 }) return $"npm must be able to install playwright-core. {install?.Error}";
        await File.WriteAllTextAsync(stamp, locked);
        return null;
    }

    /// <summary>Runs the scenarios.</summary>
    public static async Task<Ending> RunScenariosAsync(string folder, string plan)
        => await RunAsync(folder, "node", [Path.Combine("browser", "run.mjs"), plan])
            ?? throw new InvalidOperationException("node must be installed. It is not.");

    /// <summary>Drops an image onto the page at an address and gives what it shows then.</summary>
    public static async Task<Ending> DropAsync(string folder, string address, string image)
        => await RunAsync(folder, "node", [Path.Combine("browser", "drop-image.mjs"), address, image])
            ?? throw new InvalidOperationException("node must be installed. It is not.");

    /// <summary>Checks the types of the page's sources; null where the compiler is not installed.</summary>
    public static async Task<Ending?> CheckTypesAsync(string page)
    {
        string compiler = Path.Combine(page, "node_modules", "typescript", "bin", "tsc");
        return File.Exists(compiler) ? await RunAsync(page, "node", [compiler, "--noEmit"]) : null;
    }

    private static string Program => Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";

    private static async Task<Ending?> RunAsync(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["CHROMIUM_PATH"] = Program;
        using var stop = new CancellationTokenSource(_patience);
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(stop.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(stop.Token);
            try
            {
                await process.WaitForExitAsync(stop.Token);
                return new Ending(process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception)
        {
            return null; // no such program
        }
    }

    /// <summary>How a program ended and what it wrote.</summary>
    internal sealed record Ending(int ExitCode, string Output, string Error);
}
