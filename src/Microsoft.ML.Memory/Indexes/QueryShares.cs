// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Shares the queries of a search out, where there are many: each thread then searches for its own.</summary>
/// <remarks>
/// Threads that share the rows each have to find out for themselves which rows are near, and take in more than one
/// thread would. Threads that share the queries do not, and their queries fit into a cache together; the rows, read
/// once a share, cost little next to what is computed with them.
/// </remarks>
internal static class QueryShares
{
    private const int SharesOfThread = 2; // so that a slower thread can leave work to a faster one
    private const int LeastPanels = 8;

    /// <summary>Searches for shares of the queries, or for all of them together with all threads.</summary>
    /// <param name="queryCount">Number of queries.</param>
    /// <param name="threadCount">Threads at most.</param>
    /// <param name="panel">Queries that are multiplied together.</param>
    /// <param name="search">
    /// Searches for queries from a number on, as many as are said, with a number of threads, and gives a count.
    /// </param>
    /// <returns>The sum of the counts.</returns>
    public static int Each(int queryCount, int threadCount, int panel, Func<int, int, int, int> search)
    {
        int sharing = Math.Min(threadCount, queryCount / panel + 1); // any number of threads may be asked for
        int size = Math.Max(LeastPanels * panel, RoundUp(queryCount, SharesOfThread * sharing * panel) * panel);
        int shares = (queryCount + size - 1) / size;
        if (threadCount == 1 || shares < threadCount) return search(0, queryCount, threadCount);
        int sum = 0;
        Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = threadCount }, share =>
        {
            int first = share * size;
            Interlocked.Add(ref sum, search(first, Math.Min(size, queryCount - first), 1));
        });
        return sum;
    }

    private static int RoundUp(int count, int divisor) => (count + divisor - 1) / divisor;
}
