// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the values of a pair are when it is fetched in training for the first time.</summary>
public enum ValueStart
{
    /// <summary>Zero for every class.</summary>
    Zeros = 0,

    /// <summary>
    /// The logarithm of how much likelier each class is among the rows that fetched the pair than among all rows of
    /// that training, each class counted once more than it was seen. With 0 epochs nothing else is learned.
    /// </summary>
    ClassLogOdds = 1,
}
