// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Converts the type of columns.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;
    private readonly DataKind _outputKind;

    internal TypeConvertingEstimator(IHostEnvironment environment, InputOutputColumnPair[] pairs, DataKind outputKind)
        : base(
            environment.Register(nameof(TypeConvertingEstimator)),
            new TypeConvertingTransformer(environment, InputOutputColumnPair.CheckAll(pairs), CheckKind(outputKind)))
    {
        _pairs = [.. pairs];
        _outputKind = outputKind;
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        Shapes.Add(inputSchema, _pairs, MakeShape);

    private static DataKind CheckKind(DataKind kind) => Enum.IsDefined(kind)
        ? kind
        : throw Marked.Argument("outputKind", $"outputKind must be one of the data kinds. Got {kind}");

    private SchemaShape.Column MakeShape(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        SchemaShape.Column source = Shapes.Find(inputSchema, pair.InputColumnName);
        PrimitiveDataViewType target = PrimitiveTypes.FromKind(_outputKind);
        bool fits = source.IsKey
            ? KeyDataViewType.IsValidDataType(target.RawType)
            : ValueConversions.Find(source.ItemType, target) is not null;
        if (!fits)
            throw TypeConvertingTransformer.NotCompatible(source.Name, source.ItemType.ToString(), target);

        var annotations = new List<SchemaShape.Column>();
        if (source.HasSlotNames)
            annotations.Add(Shapes.SlotNames);
        if (source.IsKey && source.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out SchemaShape.Column values))
            annotations.Add(values);
        if (TypeConvertingTransformer.Normalizes(source.ItemType, target))
            annotations.Add(Shapes.IsNormalized);
        return Shapes.Make(pair.OutputColumnName, source.Kind, target, source.IsKey, [.. annotations]);
    }
}
