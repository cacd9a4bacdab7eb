// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

public sealed partial class AdaNpcTransformer
{
    private protected override void ExportTo(OnnxGraph graph, string features, OnnxExportOptions options)
        => AdaNpcExport.Add(graph, this, features, options);
}
