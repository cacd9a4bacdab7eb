// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Turns a model, which may be a chain, into a graph.</summary>
internal static class PipelineExport
{
    /// <summary>Makes the graph.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A step cannot be exported.</exception>
    public static OnnxModelWriter Create(ITransformer model, OnnxExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        options.Validate();
        ChainPlan plan = ChainPlan.Of(model, options);
        var graph = new OnnxGraph("memory/");
        graph.Proto.Name = "memory";
        graph.Proto.DocString = "A memory classifier with its entries.";
        graph.Input(
            plan.Memory.FeatureColumnName,
            TensorProto.Types.DataType.Float,
            "Features of the rows to classify.",
            plan.Memory.Dimension);
        plan.Memory.ExportTo(graph, plan.Memory.FeatureColumnName, options);
        return new OnnxModelWriter(graph, []);
    }
}
