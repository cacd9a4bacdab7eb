// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>A deployed model file from its load to the end of the last request that it serves.</summary>
/// <param name="version">SHA-256 of the file in hexadecimal.</param>
/// <param name="store">The model and its memory; closed with the deployment.</param>
/// <param name="loadedAt">When it was loaded.</param>
internal sealed class Deployment(string version, IMemoryStore store, DateTimeOffset loadedAt)
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _retired = new();

    /// <summary>Requests at work, and one more while the deployment is the current one.</summary>
    private int _users = 1;

    public string Version { get; } = version;

    public DateTimeOffset LoadedAt { get; } = loadedAt;

    public IMemoryStore Store { get; } = store;

    /// <summary>Schema of the rows, the same whatever the memory learns.</summary>
    public InputSchema Input { get; } = store.Current.Input;

    /// <summary>What the inspector has found out of it.</summary>
    public Inspection Inspection { get; } = new();

    /// <summary>Ends when new requests get another deployment: what works for nobody's request stops then.</summary>
    public CancellationToken Retired => _retired.Token;

    /// <summary>Completes when nobody uses it any more and it is closed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Takes part in its use; false where it is closed or about to be.</summary>
    public bool TryUse()
    {
        for (int users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return true;
        }

        return false;
    }

    /// <summary>Ends one use; the last one closes it.</summary>
    public void EndUse()
    {
        if (Interlocked.Decrement(ref _users) == 0) _ = CloseAsync();
    }

    /// <summary>Ends the use as the current one; called once.</summary>
    public void Retire()
    {
        _retired.Cancel();
        EndUse();
    }

    private async Task CloseAsync()
    {
        try
        {
            _retired.Dispose();
            await Store.DisposeAsync();
            _closed.SetResult();
        }
        catch (Exception error)
        {
            _closed.SetException(error);
        }
    }
}
