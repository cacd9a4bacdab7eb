// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys to vectors with a 1 in the slot of the key, or to counts of keys.</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;
    private readonly bool _counts;

    internal KeyToVectorMappingEstimator(
        IHostEnvironment environment, InputOutputColumnPair[] pairs, bool outputCountVector)
        : base(
            environment.Register(nameof(KeyToVectorMappingEstimator)),
            new KeyToVectorMappingTransformer(environment, InputOutputColumnPair.CheckAll(pairs), outputCountVector))
    {
        _pairs = [.. pairs];
        _counts = outputCountVector;
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        Shapes.Add(inputSchema, _pairs, MakeShape);

    private SchemaShape.Column MakeShape(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        SchemaShape.Column source = Shapes.Find(inputSchema, pair.InputColumnName);
        if (!source.IsKey)
            throw KeyToVectorMappingTransformer.NotKey(source.Name, source.GetTypeString());

        bool isFlat = _counts || source.Kind == Kind.Scalar;
        var annotations = new List<SchemaShape.Column>();
        if (isFlat && source.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out SchemaShape.Column values)
            && values.ItemType is TextDataViewType)
            annotations.Add(Shapes.SlotNames);
        if (!_counts || source.Kind == Kind.Scalar)
        {
            if (source.Kind != Kind.VariableVector)
                annotations.Add(Shapes.Make(
                    AnnotationKinds.CategoricalSlotRanges, Kind.Vector, NumberDataViewType.Int32, false));
            annotations.Add(Shapes.IsNormalized);
        }

        Kind kind = isFlat || source.Kind == Kind.Vector ? Kind.Vector : Kind.VariableVector;
        return Shapes.Make(pair.OutputColumnName, kind, NumberDataViewType.Single, false, [.. annotations]);
    }
}
