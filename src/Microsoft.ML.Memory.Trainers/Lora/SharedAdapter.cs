// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>An adapter that is freed when the last of those who score with it lets go.</summary>
/// <param name="adapter">The adapter, which belongs to this object.</param>
/// <param name="classes">The classes of its head; null where it has none.</param>
internal sealed class SharedAdapter(LoraAdapter adapter, ClassTable? classes) : IDisposable
{
    private int _holders = 1;

    public LoraAdapter Adapter => adapter;

    public ClassTable? Classes => classes;

    /// <summary>Holds the adapter once more; each holder disposes of it once.</summary>
    public SharedAdapter Held()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0) adapter.Dispose();
    }
}
