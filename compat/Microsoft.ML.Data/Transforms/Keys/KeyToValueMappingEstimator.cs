// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys back to the values that they stand for.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal KeyToValueMappingEstimator(IHostEnvironment environment, InputOutputColumnPair[] pairs)
        : base(
            environment.Register(nameof(KeyToValueMappingEstimator)),
            new KeyToValueMappingTransformer(environment, InputOutputColumnPair.CheckAll(pairs)))
    {
        _pairs = [.. pairs];
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        Shapes.Add(inputSchema, _pairs, MakeShape);

    private static SchemaShape.Column MakeShape(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        SchemaShape.Column source = Shapes.Find(inputSchema, pair.InputColumnName);
        if (!source.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out SchemaShape.Column values))
            throw KeyToValueMappingTransformer.NoKeyValues();
        SchemaShape.Column[] annotations = source.HasSlotNames ? [Shapes.SlotNames] : [];
        return Shapes.Make(pair.OutputColumnName, source.Kind, values.ItemType, values.IsKey, annotations);
    }
}
