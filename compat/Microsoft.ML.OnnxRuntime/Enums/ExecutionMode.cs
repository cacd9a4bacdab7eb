// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Whether nodes of one graph may run side by side.</summary>
public enum ExecutionMode
{
    ORT_SEQUENTIAL = 0,
    ORT_PARALLEL = 1,
}
