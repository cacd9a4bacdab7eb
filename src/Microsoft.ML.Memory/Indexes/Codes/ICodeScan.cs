// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A scan of codes that any kernel can carry out.</summary>
internal interface ICodeScan
{
    /// <summary>Scans; gives the queries that the codes could not answer, in any order.</summary>
    /// <param name="firstQuery">The first query to search for.</param>
    /// <param name="queryCount">Number of queries to search for.</param>
    /// <param name="threadCount">Threads at most.</param>
    List<int> Run<TTile>(int firstQuery, int queryCount, int threadCount) where TTile : struct, ICodeTile;
}
