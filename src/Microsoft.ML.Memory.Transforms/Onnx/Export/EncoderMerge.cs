// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Puts an encoder's graph, and what is done before and after it, in front of a memory.</summary>
internal sealed class EncoderMerge(OnnxGraph graph, EncoderPart encoder)
{
    private const string Prefix = "encoder/";
    private const string Mask = "attention_mask";

    private readonly Dictionary<string, string> _values = [];

    /// <summary>Gives the operator sets beside the standard one that the merged model needs.</summary>
    public static IEnumerable<OperatorSetIdProto> OtherDomains(ModelProto model)
        => model.OpsetImport.Where(import => !OpsetLift.IsStandard(import.Domain));

    /// <summary>Adds inputs and nodes.</summary>
    /// <returns>The features, [N, d] Single.</returns>
    /// <exception cref="InvalidOperationException">The encoder cannot be part of a later opset.</exception>
    public string Add()
    {
        if (encoder.Model.Functions.Count > 0)
        {
            throw new InvalidOperationException(
                "The encoder must be a graph of operators to be exported with its memory. "
                + $"Got one with {encoder.Model.Functions.Count} functions of its own. Inline them first.");
        }

        graph.Say("encoder fingerprint", encoder.Fingerprint);
        OpsetLift.Lift(encoder.Model.Graph, OpsetLift.OpsetOf(encoder.Model));
        foreach (EncoderInput input in encoder.Inputs.Where(input => input.ColumnName is not null)) Feed(input);
        foreach (EncoderInput input in encoder.Inputs.Where(input => input.ColumnName is null)) Fill(input);
        string output = encoder.Model.Graph.Output[0].Name;
        GraphNames.Prefix(encoder.Model.Graph, Prefix);
        HashSet<string> read = [.. GraphNames.Read(encoder.Model.Graph)];
        graph.Proto.Initializer.Add(encoder.Model.Graph.Initializer.Where(tensor => read.Contains(tensor.Name)));
        graph.Proto.SparseInitializer.Add(encoder.Model.Graph.SparseInitializer);
        graph.Proto.Node.Add(encoder.Model.Graph.Node);
        return Pooled(Prefix + output);
    }

    /// <summary>Makes a column an input of the graph and leads it to the encoder.</summary>
    private void Feed(EncoderInput input)
    {
        bool isHalf = input.Type is DataType.Float16 or DataType.Bfloat16;
        DataType type = isHalf || input.Pixels is not null ? DataType.Float : input.Type;
        long[] shape = input.Pixels?.ShapeOf(input.Dimensions) ?? [.. input.Dimensions.Select(size => (long)size)];
        string value = graph.Input(input.ColumnName!, type, Describe(input), shape);
        if (input.Pixels is { } pixels) value = pixels.Add(graph, value, input.Dimensions);
        if (type != input.Type) value = graph.Cast(value, input.Type);
        _values[input.Name] = value;
        Lead(input.Name, value);
    }

    /// <summary>Fills an input that no column feeds, in the shape of the first that one does.</summary>
    private void Fill(EncoderInput input)
    {
        string like = _values[encoder.Inputs.First(other => other.ColumnName is not null).Name];
        string filled = graph.Node("Expand", [graph.Single(input.Filling), graph.Node("Shape", [like])]);
        string value = graph.Cast(filled, input.Type);
        _values[input.Name] = value;
        Lead(input.Name, value);
    }

    private void Lead(string name, string value)
    {
        string inside = encoder.HasBatch ? value : graph.Squeeze(value, 0);
        graph.Proto.Node.Add(new NodeProto
        {
            OpType = "Identity",
            Name = $"{Prefix}{name}/input",
            Input = { inside },
            Output = { Prefix + name },
        });
    }

    private string Pooled(string output)
    {
        string value = encoder.HasBatch ? output : graph.Unsqueeze(output, 0);
        if (encoder.OutputType != DataType.Float) value = graph.ToSingle(value);
        int d = encoder.FeatureCount;
        string features = encoder.Pooling switch
        {
            EncoderPooling.First => graph.Gather(value, graph.Int64(0), 1),
            EncoderPooling.MeanOfTokens => MeanOfTokens(value),
            EncoderPooling.MeanOfPlanes => MeanOf(graph.Reshape(value, 0, d, -1), 2),
            EncoderPooling.MeanOfPixels => MeanOf(graph.Reshape(value, 0, -1, d), 1),
            _ => graph.Reshape(value, 0, d),
        };
        return encoder.IsNormalized ? GraphQuery.Of(graph, features).UnitRowsOrSame(graph, features) : features;
    }

    private string MeanOf(string value, int axis)
    {
        int count = encoder.OutputDimensions.Aggregate(1, (product, size) => product * size) / encoder.FeatureCount;
        return graph.Div(graph.Squeeze(graph.Sum(value, axis), axis), graph.Single(count));
    }

    private string MeanOfTokens(string value)
    {
        bool isMasked = _values.TryGetValue(Mask, out string? mask);
        string weights = isMasked
            ? graph.Unsqueeze(graph.ToSingle(mask!), 2)
            : graph.Node("Expand", [
                graph.Single(1), graph.Node("Shape", [graph.Gather(value, graph.Shape(0), 2)])]);
        string sum = graph.Squeeze(graph.Sum(graph.Mul(value, weights), 1), 1);
        return graph.Div(sum, graph.Squeeze(graph.Sum(weights, 1), 1));
    }

    private static string Describe(EncoderInput input) => input.Pixels is { } pixels
        ? $"Pixels of the encoder's size, {(pixels.IsInterleaved ? "[height, width, c]" : "[c, height, width]")}, "
            + "red first, as they were before scaling."
        : $"Input '{input.Name}' of the encoder.";
}
