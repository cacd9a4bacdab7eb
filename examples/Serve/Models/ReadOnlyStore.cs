// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Serves a model that nobody may change.</summary>
internal sealed class ReadOnlyStore(ServedModel model) : IMemoryStore
{
    public ServedModel Current => model;

    public ServedModel Shape => model;

    public int? EntryCount => model.Memory?.EntryCount;

    public long Sequence => 0;

    public DurableStore? Changes => null;

    public ValueTask DisposeAsync()
    {
        (model.Pipeline as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
