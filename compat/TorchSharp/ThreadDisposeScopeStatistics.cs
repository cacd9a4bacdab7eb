// Licensed under the MIT License. See LICENSE in the project root for license information.
namespace TorchSharp;

/// <summary>Counts the handles of one thread; one that the collector frees is counted for ever.</summary>
public class ThreadDisposeScopeStatistics
{
    public long ThreadTotalLiveCount { get; private set; }

    public void Reset() => ThreadTotalLiveCount = 0;

    internal void Count(int change) => ThreadTotalLiveCount += change;
}
