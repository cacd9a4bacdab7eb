// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a bottleneck cuts a row of features into the inputs of its heads.</summary>
public enum HeadSplit
{
    /// <summary>Each head sees a random projection of the whole row, its columns of length 1, fixed for good.</summary>
    RandomProjection = 0,

    /// <summary>
    /// Each head sees its own piece of the row; the number of heads must divide the number of features.
    /// </summary>
    Chunk = 1,
}
