// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a scan of rows does with a kernel, once it is chosen.</summary>
internal interface ITileScan
{
    /// <summary>Scans for some of the queries, by a number of threads at most; gives a count.</summary>
    int Run<TTile>(int firstQuery, int queryCount, int threadCount) where TTile : struct, IScoreTile;
}
