// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What feeds an input of a network.</summary>
internal enum FeedKind
{
    /// <summary>A column with the numbers of the tensor.</summary>
    Tensor,

    /// <summary>A column of token ids, as many as a row has.</summary>
    Tokens,

    /// <summary>A column of images.</summary>
    Image,

    /// <summary>No column: ones.</summary>
    Ones,

    /// <summary>No column: zeros.</summary>
    Zeros,
}
