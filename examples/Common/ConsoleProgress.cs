// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace ExampleData;

/// <summary>A progress bar on a console; where output goes to a file or a pipe it stays silent.</summary>
/// <remarks>It is drawn on standard error and erased when done, so that it never mixes with the results.</remarks>
internal sealed class ConsoleProgress(string title)
{
    private const int BarWidth = 40;

    private static readonly bool _isInteractive = !Console.IsErrorRedirected && !Console.IsOutputRedirected;

    private long _drawnAt;

    /// <summary>Shows that <paramref name="done"/> of <paramref name="total"/> steps are done.</summary>
    public void Report(int done, int total)
    {
        if (!_isInteractive) return;

        string bar = new string('#', (int)((long)BarWidth * done / total)).PadRight(BarWidth, '.');
        string line = $"{title,-12} [{bar}] {100L * done / total,3} %";
        if (done >= total)
        {
            Console.Error.Write($"\r{new string(' ', line.Length)}\r");
        }
        else if (Stopwatch.GetElapsedTime(_drawnAt) > TimeSpan.FromMilliseconds(100))
        {
            _drawnAt = Stopwatch.GetTimestamp();
            Console.Error.Write($"\r{line}");
        }
    }
}
