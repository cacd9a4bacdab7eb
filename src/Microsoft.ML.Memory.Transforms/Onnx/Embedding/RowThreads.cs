// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Memory;

/// <summary>Runs workers side by side.</summary>
internal static class RowThreads
{
    /// <summary>Runs every worker to its end.</summary>
    /// <exception cref="Exception">That of the first worker that failed, as it was thrown.</exception>
    public static void Run(int count, Action<int> work)
    {
        var errors = new ExceptionDispatchInfo?[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, worker =>
        {
            try
            {
                work(worker);
            }
            catch (Exception error)
            {
                errors[worker] = ExceptionDispatchInfo.Capture(error);
            }
        });
        foreach (ExceptionDispatchInfo? error in errors) error?.Throw();
    }
}
