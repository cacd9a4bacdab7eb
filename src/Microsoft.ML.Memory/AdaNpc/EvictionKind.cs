// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which entry leaves a full adaptive memory so that a new one can enter.</summary>
public enum EvictionKind
{
    /// <summary>The oldest entry that is not a source entry; a memory full of source entries refuses.</summary>
    ProtectedSourceFifo = 0,

    /// <summary>The oldest entry of all. Forgets the source in the end.</summary>
    Fifo = 1,

    /// <summary>
    /// A random entry, with the probability that makes the memory an even sample of all that ever asked to enter.
    /// </summary>
    Reservoir = 2,

    /// <summary>The oldest entry of the class that has most (the first of them on a tie).</summary>
    ClassBalancedOldest = 3,

    /// <summary>
    /// A random entry of a class that has most; a row of such a class enters as an even sample of its class would
    /// (Chrysakis and Moens, ICML 2020).
    /// </summary>
    ClassBalancedReservoir = 4,

    /// <summary>
    /// The entry with the lowest confidence, then the oldest, if it is less sure than the new one; source and feedback
    /// entries count as sure. Keeps the easy past: refuses a new domain.
    /// </summary>
    LowestConfidence = 5,

    /// <summary>
    /// The entry that is not a source entry and whose votes disagreed most often, on balance, with the outcome; then
    /// the oldest.
    /// </summary>
    LeastUseful = 6,
}
