// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

public sealed partial class NearestNeighborsRegressionTransformer : IOnnxExportable
{
    void IOnnxExportable.ExportTo(OnnxGraph graph, string features, OnnxExportOptions options)
        => RegressionExport.Add(graph, this, features, options);
}
