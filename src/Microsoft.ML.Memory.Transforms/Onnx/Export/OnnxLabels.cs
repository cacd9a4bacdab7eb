// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What an exported graph gives where the transformer gives a label key.</summary>
public enum OnnxLabels
{
    /// <summary>
    /// The label's value: String for texts, dates and time spans, Int64 for whole numbers and booleans, Float or Double
    /// for such numbers; the key where classes have no values. Missing: an empty string, the smallest Int64, or NaN.
    /// </summary>
    Values = 0,

    /// <summary>The key, UInt32: class + 1, and 0 where it is missing, as ML.NET numbers keys.</summary>
    Keys = 1,

    /// <summary>The place in <c>Score</c>, Int64, from 0; -1 where it is missing.</summary>
    Indices = 2,
}
