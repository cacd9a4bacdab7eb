// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the blocks of a ladder side network start as.</summary>
public enum LstInitialization
{
    /// <summary>Parts of the backbone's matrices, those with the largest magnitudes.</summary>
    Magnitude,

    /// <summary>
    /// Parts of the backbone's matrices, those with the largest squared gradients over training examples. Costs a
    /// gradient of the whole backbone an example, one example at a time, and three times its weights in memory.
    /// </summary>
    Fisher,

    /// <summary>Random numbers.</summary>
    Random,
}
