// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How many queries pass over the rows together, and how many workers share the rows.</summary>
internal readonly record struct WavePlan(int WorkerCount, int QueryCount)
{
    private const int MostQueries = 1024;
    private const long MostBytes = 16 << 20;

    /// <summary>Plans the waves of a search.</summary>
    /// <param name="scan">What is asked for.</param>
    /// <param name="queryCount">Number of queries, at least 1.</param>
    /// <param name="width">Queries of a panel; a wave has a multiple of them.</param>
    /// <param name="bytesOfQuery">Working memory that a query needs, for one worker.</param>
    /// <param name="leastWork">Multiplications; with fewer, a thread costs more than it brings.</param>
    /// <param name="threadCount">Threads at most.</param>
    public static WavePlan Of(
        in ScanRequest scan, int queryCount, int width, long bytesOfQuery, double leastWork, int threadCount)
    {
        double work = (double)queryCount * scan.Dimension * (scan.End - scan.Start);
        int workers = (int)Math.Clamp(work / leastWork, 1, threadCount);
        int most = (int)Math.Clamp(MostBytes / (workers * bytesOfQuery), width, MostQueries);
        int waves = (queryCount + most - 1) / most;
        int share = (queryCount + waves - 1) / waves;
        return new WavePlan(workers, (share + width - 1) / width * width);
    }
}
