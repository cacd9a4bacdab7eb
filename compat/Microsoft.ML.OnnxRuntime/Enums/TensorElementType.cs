// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.OnnxRuntime.Tensors;

/// <summary>The element types of tensors, by the numbers of the C interface.</summary>
public enum TensorElementType
{
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
}
