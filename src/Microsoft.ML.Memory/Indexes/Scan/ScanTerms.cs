// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the scores of a first pass are made of; it changes the speed of a search, never its result.</summary>
internal enum ScanTerms
{
    /// <summary>Products of rows and queries, multiplied in pairs where that pays.</summary>
    ProductsOfPairs,

    /// <summary>Products of each row with each query.</summary>
    Products,

    /// <summary>Squared differences of each row and each query; under squared L2 alone.</summary>
    Differences,
}
