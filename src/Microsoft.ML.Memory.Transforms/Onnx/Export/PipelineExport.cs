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
        options = options with { ValueColumns = plan.ValueColumns };
        return plan.Encoder is { } encoder
            ? Merged(encoder.CreatePart(), plan.Memory, options)
            : Alone(plan.Memory, options);
    }

    /// <summary>Puts an encoder in front of a memory.</summary>
    public static OnnxModelWriter Merged(EncoderPart encoder, IOnnxExportable memory, OnnxExportOptions options)
    {
        if (encoder.FeatureCount != memory.Dimension)
        {
            throw new InvalidOperationException(
                $"The encoder must give {memory.Dimension} features, as the memory has. Got {encoder.FeatureCount}.");
        }

        OperatorSetIdProto[] domains = [.. EncoderMerge.OtherDomains(encoder.Model)];
        var graph = new OnnxGraph("memory/", Math.Max(OnnxGraph.LeastOpset, OpsetLift.OpsetOf(encoder.Model)))
        {
            BatchSize = encoder.HasBatch ? encoder.BatchSize : 1,
            IrVersion = Math.Max(OnnxGraph.LeastIrVersion, encoder.Model.IrVersion),
        };
        Describe(graph, "A memory with its entries, behind its encoder.");
        return Finish(graph, memory, new EncoderMerge(graph, encoder).Add(), options, domains);
    }

    private static OnnxModelWriter Alone(IOnnxExportable memory, OnnxExportOptions options)
    {
        var graph = new OnnxGraph("memory/");
        Describe(graph, "A memory with its entries.");
        string features = graph.Input(
            memory.FeatureColumnName,
            TensorProto.Types.DataType.Float,
            "Features of the rows to predict.",
            memory.Dimension);
        return Finish(graph, memory, features, options, []);
    }

    /// <summary>Adds the memory, and makes the writer of a graph whose inputs and outputs can be told apart.</summary>
    private static OnnxModelWriter Finish(
        OnnxGraph graph,
        IOnnxExportable memory,
        string features,
        OnnxExportOptions options,
        OperatorSetIdProto[] otherDomains)
    {
        if (memory.EncoderFingerprint is { } encoder) graph.Say("encoder fingerprint", encoder);
        memory.ExportTo(graph, features, options);
        string[] inputs = [.. graph.Proto.Input.Select(input => input.Name)];
        if (graph.Proto.Output.FirstOrDefault(output => inputs.Contains(output.Name)) is { } output)
        {
            throw new InvalidOperationException(
                "A column that the graph reads must have another name than those that it gives. "
                + $"Got '{output.Name}' for both. Rename the column.");
        }

        if (inputs.Concat(graph.Proto.Output.Select(each => each.Name)).CountBy(name => name)
            .FirstOrDefault(each => each.Value > 1).Key is { } twice)
        {
            throw new InvalidOperationException(
                $"Every input and output of the graph must have a name of its own. Got '{twice}' more than once. "
                + "Rename the column.");
        }

        return new OnnxModelWriter(graph, otherDomains);
    }

    private static void Describe(OnnxGraph graph, string text)
    {
        graph.Proto.Name = "memory";
        graph.Proto.DocString = text;
    }
}
