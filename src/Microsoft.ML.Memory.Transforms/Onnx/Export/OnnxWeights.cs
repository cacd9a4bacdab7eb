// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How an exported graph holds the vectors of its entries.</summary>
public enum OnnxWeights
{
    /// <summary>As Singles: the graph finds what the transformer finds.</summary>
    Single = 0,

    /// <summary>
    /// As bytes with a scale for each entry, a quarter of the size; distances are those to the rounded vectors.
    /// </summary>
    Int8 = 1,
}
