// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Searches that read up to a number of lists.</summary>
/// <param name="Lists">Lists read at most.</param>
/// <param name="Milliseconds">Time of each query, the lists in the system's page cache.</param>
/// <param name="ColdMilliseconds">
/// Time of each query, nothing in the page cache when the first one began; empty where it cannot be emptied.
/// </param>
/// <param name="Ids">Neighbours of each query.</param>
internal sealed record DiskSearch(int Lists, double[] Milliseconds, double[] ColdMilliseconds, long[][] Ids);
