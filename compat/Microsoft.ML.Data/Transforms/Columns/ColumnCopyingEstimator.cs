// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns under new names.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal ColumnCopyingEstimator(IHostEnvironment environment, params InputOutputColumnPair[] pairs)
        : base(
            environment.Register(nameof(ColumnCopyingEstimator)),
            new ColumnCopyingTransformer(environment, InputOutputColumnPair.CheckAll(pairs)))
    {
        _pairs = [.. pairs];
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        Shapes.Add(inputSchema, _pairs, MakeShape);

    private static SchemaShape.Column MakeShape(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        SchemaShape.Column source = Shapes.Find(inputSchema, pair.InputColumnName);
        return new SchemaShape.Column(
            pair.OutputColumnName, source.Kind, source.ItemType, source.IsKey, source.Annotations);
    }
}
