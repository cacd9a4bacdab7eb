// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Puts an encoder's graph, and what is done before and after it, in front of a memory.</summary>
internal sealed class EncoderMerge(OnnxGraph graph, EncoderPart encoder)
{
    private const string Prefix = "encoder/";
    private const string Mask = "attention_mask";

    private readonly Dictionary<string, string> _values = [];
    private readonly Dictionary<string, ColumnInput> _columns = [];

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
        string column = input.ColumnName!;
        bool isHalf = input.Type is DataType.Float16 or DataType.Bfloat16;
        DataType type = isHalf || input.Pixels is not null ? DataType.Float : input.Type;
        long[] shape = input.Pixels?.ShapeOf(input.Dimensions) ?? [.. input.Dimensions.Select(size => (long)size)];
        if (!_columns.TryGetValue(column, out ColumnInput? read))
            _columns[column] = read = new(graph.Input(column, type, Describe(input), shape), input.Name, type, shape);
        else RequireSame(read, column, input, type, shape);
        string value = read.Value;
        if (input.Pixels is { } pixels) value = pixels.Add(graph, value, input.Dimensions);
        if (type != input.Type) value = graph.Cast(value, input.Type);
        _values[input.Name] = value;
        Lead(input.Name, value);
    }

    /// <summary>A column that feeds several inputs is one input of the graph, of one type and shape.</summary>
    private static void RequireSame(
        ColumnInput read, string column, EncoderInput input, DataType type, ReadOnlySpan<long> shape)
    {
        if (read.Type == type && shape.SequenceEqual(read.Shape)) return;
        throw new InvalidOperationException(
            $"The inputs of the encoder that column '{column}' feeds must be of one type and shape to be exported. "
            + $"Got '{read.InputName}' of {read.Type} [{string.Join(", ", read.Shape)}] and '{input.Name}' of {type} "
            + $"[{string.Join(", ", shape.ToArray())}] a row. Feed them from columns of their own.");
    }

    /// <summary>Fills an input that no column feeds.</summary>
    private void Fill(EncoderInput input)
    {
        EncoderInput first = encoder.Inputs.First(other => other.ColumnName is not null);
        EncoderInput? like = encoder.Inputs.FirstOrDefault(other => other.ColumnName is not null
            && other.Dimensions.SequenceEqual(input.Dimensions));
        string shape = like is null
            ? graph.Join(graph.RowsOf(_values[first.Name]), [.. input.Dimensions.Select(size => (long)size)])
            : graph.Node("Shape", [_values[like.Name]]);
        string value = graph.Cast(graph.Node("Expand", [graph.Single(input.Filling), shape]), input.Type);
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

    /// <summary>An input of the graph.</summary>
    /// <param name="Value">Its value.</param>
    /// <param name="InputName">The first input of the encoder that it feeds.</param>
    /// <param name="Type">Type of its numbers.</param>
    /// <param name="Shape">Dimensions of a row.</param>
    private sealed record ColumnInput(string Value, string InputName, DataType Type, long[] Shape);
}
