// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Shares the queries of a search out, where there are many: each thread then searches for its own.</summary>
/// <remarks>
/// Threads that share the rows each have to find out for themselves which rows are near, and take in more than one
/// thread would. Threads that share the queries do not; the rows, read once a share, cost little next to what is
/// computed with them as long as a cache holds them, or their codes, or a share is large.
/// </remarks>
internal static class QueryShares
{
    private const int SharesOfThread = 2; // so that a slower thread can leave work to a faster one
    private const int LeastPanels = 8;
    private const int LeastQueriesOfMemory = 384; // below it, to read the rows once more costs what it saves

    /// <summary>Searches for shares of the queries, or for all of them together with all threads.</summary>
    /// <param name="queryCount">Number of queries.</param>
    /// <param name="threadCount">Threads at most.</param>
    /// <param name="panel">Queries that are multiplied together.</param>
    /// <param name="isFromMemory">True where every share has to fetch the rows from memory.</param>
    /// <param name="search">
    /// Searches for queries from a number on, as many as are said, with a number of threads, and gives a count.
    /// </param>
    /// <returns>The sum of the counts.</returns>
    public static int Each(
        int queryCount, int threadCount, int panel, bool isFromMemory, Func<int, int, int, int> search)
    {
        int panels = Parts(queryCount, panel);
        int least = isFromMemory ? Parts(LeastQueriesOfMemory, panel) : LeastPanels;
        int shares = panels / least / threadCount * threadCount; // as many for each thread
        if (threadCount == 1 || shares == 0) return search(0, queryCount, threadCount);
        shares = Math.Min(shares, SharesOfThread * threadCount);
        int size = Parts(panels, shares) * panel;
        int sum = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threadCount };
        Parallel.For(0, Parts(queryCount, size), parallel, share =>
        {
            int first = share * size;
            Interlocked.Add(ref sum, search(first, Math.Min(size, queryCount - first), 1));
        });
        return sum;
    }

    private static int Parts(int count, int divisor) => (count + divisor - 1) / divisor;
}
