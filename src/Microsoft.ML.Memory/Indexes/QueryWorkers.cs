// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Memory;

/// <summary>Shares work out among threads, each of which has a worker of its own.</summary>
internal static class QueryWorkers
{
    /// <summary>Works on places 0 to count.</summary>
    /// <remarks>What a worker throws, as a filter may, is thrown as it is; of several the first.</remarks>
    /// <param name="count">Number of places, at least 1.</param>
    /// <param name="threadCount">Threads at most.</param>
    /// <param name="start">Gives a thread its worker.</param>
    /// <param name="work">Works on a place.</param>
    /// <param name="end">Takes a worker back, whatever has happened.</param>
    public static void Each<TWorker>(
        int count, int threadCount, Func<TWorker> start, Action<TWorker, int> work, Action<TWorker> end)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = count == 1 ? 1 : threadCount };
        if (options.MaxDegreeOfParallelism == 1)
        {
            TWorker worker = start();
            try
            {
                for (int place = 0; place < count; place++) work(worker, place);
            }
            finally
            {
                end(worker);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, options, start, Work, end);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }

        TWorker Work(int place, ParallelLoopState state, TWorker worker)
        {
            work(worker, place);
            return worker;
        }
    }
}
