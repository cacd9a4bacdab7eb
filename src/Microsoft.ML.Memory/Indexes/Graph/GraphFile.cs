// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a file holds of an index besides its entries.</summary>
/// <param name="Settings">All settings but the number of threads.</param>
/// <param name="RandomState">State of the random numbers that draw layers.</param>
/// <param name="NextSequence">Sequence number of the next entry.</param>
/// <param name="Entry">Where walks start: in memory a slot, in a file a number of an entry; -1 without entries.</param>
/// <param name="Centre">What codes are relative to, and links by inner product, [d]; null is the origin.</param>
/// <param name="Starts">
/// Where walks start as well, as for <paramref name="Entry"/>; null where that is to be found.
/// </param>
internal sealed record GraphFile(
    GraphSettings Settings, ulong[] RandomState, long NextSequence, int Entry, float[]? Centre, int[]? Starts);
