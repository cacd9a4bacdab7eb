// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.RowMapping;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Makes an <see cref="OnnxTransformer"/>; there is nothing to learn.</summary>
public sealed class OnnxScoringEstimator : IEstimator<OnnxTransformer>
{
    private readonly OnnxTransformer _transformer;

    internal OnnxScoringEstimator(IHostEnvironment environment, OnnxOptions options, byte[] bytes = null) =>
        _transformer = OnnxTransformer.Create(environment, options, bytes);

    public OnnxTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (TensorColumn input in _transformer.Network.Inputs)
            Check(inputSchema, input);
        SchemaShape shape = inputSchema;
        foreach (TensorColumn output in _transformer.Network.Outputs)
            shape = HostAccess.With(shape, output.Name, output.PromisedType);
        return shape;
    }

    private static void Check(SchemaShape schema, TensorColumn input)
    {
        SchemaShape.Column[] found = [.. schema.Where(column => column.Name == input.Name)];
        if (found.Length == 0)
            throw HostErrors.MissingColumn(input.Name);
        if (found[0].ItemType.RawType != input.ItemType.RawType)
            throw HostErrors.Mismatch(input.Name, input.ItemType.ToString(), found[0].ItemType.ToString());
    }
}
