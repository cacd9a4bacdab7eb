// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace Microsoft.ML.Memory.Examples.Tests;

/// <summary>An example that was built beside the tests, started in an empty folder.</summary>
internal sealed class ExampleProcess : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("example");

    public ExampleProcess(string name, params string[] arguments)
    {
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string built = Path.Combine(own, "..", "..", name, Path.GetFileName(own), name + ".dll");
        Assert.IsTrue(File.Exists(built), $"{name} must be built with the solution before it is run.");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.GetFullPath(built), .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
    }

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code and all that was printed.</returns>
    public (int ExitCode, string Output) Finish()
    {
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        string output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return (_process.ExitCode, output + errors.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
