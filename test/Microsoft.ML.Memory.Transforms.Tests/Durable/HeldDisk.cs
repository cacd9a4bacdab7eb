// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Holds the first flush of a store until it is released.</summary>
internal sealed class HeldDisk : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _released = new();
    private int _flushes;

    public HeldDisk(MemoryStore store) => store.Gate = done =>
    {
        if (done.Action != StoreAction.FlushFile) return;
        Interlocked.Increment(ref _flushes);
        _held.Set();
        Assert.IsTrue(_released.Wait(_patience));
    };

    /// <summary>Flushes so far.</summary>
    public int Flushes => Volatile.Read(ref _flushes);

    public void WaitUntilHeld() => Assert.IsTrue(_held.Wait(_patience));

    public void Release() => _released.Set();

    public void Dispose()
    {
        Release();
        _held.Dispose();
    }
}
