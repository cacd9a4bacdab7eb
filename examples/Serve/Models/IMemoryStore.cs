// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Keeps a model and whatever changes its memory: nothing is acknowledged before it is kept.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IMemoryStore : IAsyncDisposable
{
    /// <summary>The model with its memory as it is now.</summary>
    ServedModel Current { get; }

    /// <summary>The model with its memory as it was at some time: for what no change touches, such as its input.
    /// </summary>
    ServedModel Shape { get; }

    /// <summary>Number of entries now; null where the model has no memory of entries.</summary>
    int? EntryCount { get; }

    /// <summary>Grows with every change that readers see; 0 where the memory cannot be changed.</summary>
    long Sequence { get; }

    /// <summary>Who makes changes; null where the memory cannot be changed.</summary>
    DurableStore? Changes { get; }
}
