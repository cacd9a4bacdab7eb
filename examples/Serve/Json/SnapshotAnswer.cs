// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Size of a memory after a snapshot.</summary>
internal sealed record SnapshotAnswer(int EntryCount, long Bytes);
