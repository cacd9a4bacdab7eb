// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What an exact search reads first; it changes speed and memory, never a result.</summary>
public enum ScanPrecision
{
    /// <summary>
    /// Bytes where they pay: at least 2^20 stored values, vectors of 64 to 65,536 values, and k at most a 64th of the
    /// entries; else single precision.
    /// </summary>
    Auto = 0,

    /// <summary>The vectors as they are.</summary>
    Single = 1,

    /// <summary>
    /// A code of one byte a value, made when first needed and kept beside the vectors: a quarter more memory, a quarter
    /// of the bytes to read. What the codes cannot exclude for certain is compared as it is. Vectors longer than 65,536
    /// values are read as they are all the same.
    /// </summary>
    SignedByte = 2,
}
