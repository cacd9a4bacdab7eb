// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What is left after a removal.</summary>
internal sealed record RemovedAnswer(int EntryCount);
