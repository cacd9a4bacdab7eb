// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How one element of a stored tensor is written, little-endian.</summary>
public enum TensorDtype
{
    /// <summary>One byte, 0 or 1 (BOOL).</summary>
    Boolean,

    /// <summary>Unsigned, 8 bits (U8).</summary>
    UInt8,

    /// <summary>Signed, 8 bits (I8).</summary>
    Int8,

    /// <summary>Signed, 16 bits (I16).</summary>
    Int16,

    /// <summary>Unsigned, 16 bits (U16).</summary>
    UInt16,

    /// <summary>Signed, 32 bits (I32).</summary>
    Int32,

    /// <summary>Unsigned, 32 bits (U32).</summary>
    UInt32,

    /// <summary>Signed, 64 bits (I64).</summary>
    Int64,

    /// <summary>Unsigned, 64 bits (U64).</summary>
    UInt64,

    /// <summary>IEEE half precision (F16).</summary>
    Float16,

    /// <summary>The upper half of a single precision number (BF16).</summary>
    BFloat16,

    /// <summary>IEEE single precision (F32).</summary>
    Float32,

    /// <summary>IEEE double precision (F64).</summary>
    Float64,
}
