// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Starts programs that lie beside the tests as processes of their own.</summary>
internal static class Programs
{
    /// <summary>Runs a program to its end, which must be a success, and gives the lines it printed.</summary>
    public static string[] Run(string assembly, params string[] arguments)
    {
        using Process process = Start(assembly, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output + error.Result);
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Starts a program.</summary>
    public static Process Start(string assembly, params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
