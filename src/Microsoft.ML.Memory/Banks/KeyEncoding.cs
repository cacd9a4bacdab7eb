// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How keys are written to a file; none of them loses anything of what the bank has.</summary>
internal enum KeyEncoding : byte
{
    /// <summary>Four bytes a value.</summary>
    Floats = 0,

    /// <summary>One byte a value: every value is a whole number in [0, 255], as pixels are.</summary>
    Bytes = 1,

    /// <summary>Four bytes a value, scrambled: see <see cref="KeyScrambler"/>.</summary>
    Scrambled = 2,

    /// <summary>As the codes of a product quantizer, with or without the keys beside them in one of the other ways.
    /// </summary>
    Quantized = 3,
}
