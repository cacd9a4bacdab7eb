// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How an index holds the vectors that it compares while it searches.</summary>
public enum VectorEncoding
{
    /// <summary>32-bit floats: 4 bytes a value.</summary>
    Single = 0,

    /// <summary>16-bit floats, scaled row by row: 2 bytes a value, relative error at most 2^-11.</summary>
    Half = 1,

    /// <summary>
    /// 8-bit whole numbers, scaled row by row: 1 byte a value, error at most 1/254 of the row's largest.
    /// </summary>
    SignedByte = 2,
}
