// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace MemoryServe;

[TestClass]
public sealed class TourTests
{
    private const int MostLines = 15;

    [TestMethod]
    public async Task Tour_passes_its_own_checks_without_any_data()
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        (int code, string output, string error) = await RunAsync("--quick", "--drawn", "--out", folder);
        Directory.Delete(folder, recursive: true);

        Assert.AreEqual(0, code, output + error);
        string[] lines = output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.IsLessThanOrEqualTo(MostLines, lines.Length);
        Assert.AreEqual("All checks passed", lines[^1]);
    }

    [TestMethod]
    public async Task Program_names_wrong_settings()
    {
        (int code, string output, string error) = await RunAsync("--Serve:BatchRows=0");

        Assert.AreEqual(2, code);
        Assert.AreEqual("", output);
        Assert.AreEqual(
            "Serve:Model must be the path of a model.zip. Got nothing.\nServe:BatchRows must be at least 1. Got 0.\n",
            error.ReplaceLineEndings("\n"));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "Serve.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
