// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One item of a bank, without its key vector: see <see cref="BankSnapshot.CopyKey"/>.</summary>
/// <param name="Id">The id it is removed by; stays the same for as long as the entry lives.</param>
/// <param name="Sequence">When it was added: a counter that is never reused, which breaks ties of distance.</param>
/// <param name="Label">Class index, at least 0.</param>
/// <param name="Weight">What its votes are multiplied by, finite and at least 0.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Position">Its place in the snapshot it was read from.</param>
public readonly record struct Entry(long Id, long Sequence, int Label, float Weight, EntryOrigin Origin, int Position);
