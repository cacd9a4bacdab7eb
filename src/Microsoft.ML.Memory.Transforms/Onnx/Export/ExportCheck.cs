// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Refuses what has no graph.</summary>
internal static class ExportCheck
{
    /// <exception cref="InvalidOperationException">There is no entry.</exception>
    public static void NotEmpty(int count)
    {
        if (count > 0) return;
        throw new InvalidOperationException(
            "A memory must hold at least one entry to be exported. Got an empty memory. Add entries first.");
    }

    /// <exception cref="InvalidOperationException">Bytes are asked for.</exception>
    public static void SingleWeights(string method, OnnxExportOptions options)
    {
        if (options.Weights == OnnxWeights.Single) return;
        throw new InvalidOperationException(
            $"OnnxExportOptions.Weights must be Single for {method}, which has no entries to round. "
            + $"Got {options.Weights}.");
    }
}
