// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>In what precision the blocks of the frozen backbone compute.</summary>
public enum TrunkPrecision
{
    /// <summary>Single precision, as the backbone is held.</summary>
    Single,

    /// <summary>bfloat16: 8 bits of significand and the range of single precision. Meant for GPUs.</summary>
    BFloat16,
}
