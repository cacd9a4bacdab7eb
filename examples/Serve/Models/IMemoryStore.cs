// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Keeps a model and whatever changes its memory: nothing is acknowledged before it is kept.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IMemoryStore : IAsyncDisposable
{
    /// <summary>The model with its memory as it is now.</summary>
    ServedModel Current { get; }

    /// <summary>Whether the memory can be changed.</summary>
    bool IsWritable { get; }
}
