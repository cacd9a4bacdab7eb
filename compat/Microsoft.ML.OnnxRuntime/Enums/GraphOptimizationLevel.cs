// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.OnnxRuntime;

/// <summary>How far a graph is rewritten before it runs.</summary>
public enum GraphOptimizationLevel
{
    ORT_DISABLE_ALL = 0,
    ORT_ENABLE_BASIC = 1,
    ORT_ENABLE_EXTENDED = 2,
    ORT_ENABLE_ALL = 99,
}
