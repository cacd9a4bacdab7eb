// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(KeyToValueMappingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Key to value transformer",
    KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys to the values in the KeyValues annotation of their column.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment environment, InputOutputColumnPair[] pairs)
        : base(environment.Register("KeyToValueMappingEstimator"), pairs)
    {
    }

    private static VersionInfo Version =>
        ModelParts.Version<KeyToValueMappingTransformer>("KEY2VALX", LoaderSignature);

    internal static InvalidOperationException NoKeyValues() => Marked.Operation("Metadata KeyValues does not exist");

    private protected override AddedColumn MakeColumn(int pair, DataViewSchema.Column source)
    {
        if (source.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues) is not { } keyValues)
            throw NoKeyValues();
        if (PrimitiveTypes.ItemTypeOf(source.Type) is not KeyDataViewType key)
            throw Marked.Mismatch(source.Name, "key type", source.Type.ToString());
        if (keyValues.Type is not VectorDataViewType valuesType || (ulong)valuesType.Size != key.Count)
            throw Marked.Mismatch(source.Name, $"{key.Count} key values", keyValues.Type.ToString());

        var annotations = new DataViewSchema.Annotations.Builder();
        if (source.Type is VectorDataViewType)
            annotations.Keep(source, AnnotationKinds.SlotNames);
        DataViewType type = source.Type is VectorDataViewType vector
            ? new VectorDataViewType(valuesType.ItemType, vector.Dimensions)
            : valuesType.ItemType;
        var column = new DataViewSchema.DetachedColumn(
            Pairs[pair].OutputColumnName, type, annotations.ToAnnotations());
        return new AddedColumn(column, [source.Index], MakeGetter);

        Delegate MakeGetter(DataViewRow row) => Generic.Call<Delegate>(
            typeof(KeyToValueMappingTransformer),
            nameof(MakeGetterOf),
            [key.RawType, valuesType.ItemType.RawType],
            row,
            source.Index);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ModelParts.WritePairs(ctx, Pairs);
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        return new KeyToValueMappingTransformer(environment, ModelParts.ReadPairs(ctx));
    }

    private static Delegate MakeGetterOf<TKey, TValue>(DataViewRow row, int source)
    {
        DataViewSchema.Column column = row.Schema[source];
        VBuffer<TValue> buffer = default;
        column.Annotations.GetValue(AnnotationKinds.KeyValues, ref buffer);
        TValue[] values = [.. buffer.DenseValues()];
        TValue missing = Primitive.Missing<TValue>();
        return VectorMap.MakeGetter<TKey, TValue>(row, column, Find);

        TValue Find(in TKey value)
        {
            ulong key = Convert.ToUInt64(value, null);
            return key > 0 && key <= (ulong)values.Length ? values[key - 1] : missing;
        }
    }
}
