// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Answer to a change of one entry.</summary>
/// <param name="Id">Its id from now on.</param>
/// <param name="EntryCount">Entries of the memory.</param>
internal sealed record EntryChangedAnswer(long Id, int EntryCount);
