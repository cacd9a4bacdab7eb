// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

public sealed partial class VisualMemoryTransformer
{
    private protected override void ExportTo(OnnxGraph graph, string features, OnnxExportOptions options)
        => VisualMemoryExport.Add(graph, this, features, options);
}
