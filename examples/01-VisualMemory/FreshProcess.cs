// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;


namespace VisualMemoryExample;

/// <summary>Starts this program again, as a process that has nothing in common with this one but files.</summary>
internal static class FreshProcess
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(5);

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it wrote to standard output, without white space around it.</returns>
    /// <exception cref="InvalidOperationException">It failed or took too long.</exception>
    public static string Run(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath
            ?? throw new InvalidOperationException("The path of this program must be known. Got none.");
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        IEnumerable<string> hosted = isHost ? [typeof(FreshProcess).Assembly.Location, .. arguments] : arguments;
        var start = new ProcessStartInfo(program, hosted)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"The process '{program}' must start. Got none.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(_timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"The process '{program}' must end in {_timeout}. It was stopped.");
        }

        return process.ExitCode == 0
            ? output.Result.Trim()
            : throw new InvalidOperationException(
                $"The fresh process must succeed. Got exit code {process.ExitCode}: {errors.Result.Trim()}");
    }
}
