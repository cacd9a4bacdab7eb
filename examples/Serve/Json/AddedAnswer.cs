// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Ids of entries that were added; null for one that a full memory refused.</summary>
internal sealed record AddedAnswer(IReadOnlyList<long?> Ids, int EntryCount);
