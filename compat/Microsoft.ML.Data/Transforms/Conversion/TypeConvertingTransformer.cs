// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(TypeConvertingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Type converting transformer",
    TypeConvertingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Converts the type of columns.</summary>
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ConvertTransform";

    private readonly DataKind _outputKind;

    internal TypeConvertingTransformer(IHostEnvironment environment, InputOutputColumnPair[] pairs, DataKind outputKind)
        : base(environment.Register("TypeConvertingEstimator"), pairs)
    {
        _outputKind = outputKind;
    }

    private static VersionInfo Version => ModelParts.Version<TypeConvertingTransformer>("CONVERTX", LoaderSignature);

    internal static ArgumentOutOfRangeException NotCompatible(string name, string itemType, DataViewType target) =>
        Marked.Argument(
            "inputSchema",
            $"source column '{name}' with item type '{itemType}' is not compatible with destination type '{target}'");

    internal static bool Normalizes(DataViewType source, DataViewType target) =>
        source is BooleanDataViewType && (target.RawType == typeof(float) || target.RawType == typeof(double));

    private protected override AddedColumn MakeColumn(int pair, DataViewSchema.Column source)
    {
        DataViewType item = PrimitiveTypes.ItemTypeOf(source.Type);
        PrimitiveDataViewType kind = PrimitiveTypes.FromKind(_outputKind);
        PrimitiveDataViewType target = TargetOf(source, item, kind);
        if (ValueConversions.Find(item, target) is not { } convert)
            throw NotCompatible(source.Name, item.ToString(), kind);

        var annotations = new DataViewSchema.Annotations.Builder();
        if (source.Type is VectorDataViewType)
            annotations.Keep(source, AnnotationKinds.SlotNames);
        if (target is KeyDataViewType)
            annotations.Keep(source, AnnotationKinds.KeyValues);
        if (Normalizes(item, target))
            annotations.AddIsNormalized();
        DataViewType type =
            source.Type is VectorDataViewType vector ? new VectorDataViewType(target, vector.Dimensions) : target;
        var column = new DataViewSchema.DetachedColumn(
            Pairs[pair].OutputColumnName, type, annotations.ToAnnotations());
        return new AddedColumn(column, [source.Index], MakeGetter);

        Delegate MakeGetter(DataViewRow row) => Generic.Call<Delegate>(
            typeof(VectorMap),
            nameof(VectorMap.MakeGetter),
            [item.RawType, target.RawType],
            row,
            row.Schema[source.Index],
            convert);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ModelParts.WritePairs(ctx, Pairs);
        ctx.Writer.Write((byte)_outputKind);
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        InputOutputColumnPair[] pairs = ModelParts.ReadPairs(ctx);
        return new TypeConvertingTransformer(environment, pairs, ModelParts.ReadEnum<DataKind>(ctx.Reader));
    }

    private static PrimitiveDataViewType TargetOf(
        DataViewSchema.Column source, DataViewType item, PrimitiveDataViewType kind)
    {
        if (item is not KeyDataViewType key)
            return kind;
        if (!KeyDataViewType.IsValidDataType(kind.RawType))
            throw NotCompatible(source.Name, item.ToString(), kind);
        return new KeyDataViewType(kind.RawType, key.Count);
    }
}
