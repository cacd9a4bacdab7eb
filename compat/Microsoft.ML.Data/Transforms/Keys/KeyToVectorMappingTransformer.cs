// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(KeyToVectorMappingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Key to vector transformer",
    KeyToVectorMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys to vectors with a 1 in the slot of the key, or to counts of keys.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";

    private readonly bool _counts;

    internal KeyToVectorMappingTransformer(IHostEnvironment environment, InputOutputColumnPair[] pairs, bool counts)
        : base(environment.Register("KeyToVectorMappingEstimator"), pairs)
    {
        _counts = counts;
    }

    private static VersionInfo Version =>
        ModelParts.Version<KeyToVectorMappingTransformer>("KEY2VECX", LoaderSignature);

    internal static ArgumentOutOfRangeException NotKey(string name, string type) =>
        Marked.Mismatch(name, "key type of known cardinality", type);

    private protected override AddedColumn MakeColumn(int pair, DataViewSchema.Column source)
    {
        if (PrimitiveTypes.ItemTypeOf(source.Type) is not KeyDataViewType { Count: <= int.MaxValue } key)
            throw NotKey(source.Name, source.Type.ToString());

        int count = (int)key.Count;
        var vector = source.Type as VectorDataViewType;
        bool addsUp = _counts && vector is not null;
        VectorDataViewType type = vector is null || addsUp
            ? new VectorDataViewType(NumberDataViewType.Single, count)
            : new VectorDataViewType(NumberDataViewType.Single, vector.Size, count);
        var column = new DataViewSchema.DetachedColumn(
            Pairs[pair].OutputColumnName, type, MakeAnnotations(source, count, addsUp));
        return new AddedColumn(column, [source.Index], MakeGetter);

        Delegate MakeGetter(DataViewRow row) => Generic.Call<Delegate>(
            typeof(KeyIndicators), nameof(KeyIndicators.MakeGetter), [key.RawType], row, source.Index, count, addsUp);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ModelParts.WritePairs(ctx, Pairs);
        ctx.Writer.Write(_counts);
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        InputOutputColumnPair[] pairs = ModelParts.ReadPairs(ctx);
        return new KeyToVectorMappingTransformer(environment, pairs, ctx.Reader.ReadBoolean());
    }

    private static DataViewSchema.Annotations MakeAnnotations(DataViewSchema.Column source, int count, bool addsUp)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        var vector = source.Type as VectorDataViewType;
        if ((vector is null || addsUp) && source.HasKeyValues(TextDataViewType.Instance))
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            source.GetKeyValues(ref names);
            builder.AddSlotNames([.. names.DenseValues()]);
        }

        if (addsUp)
            return builder.ToAnnotations();
        if (vector is null || vector.IsKnownSize)
        {
            int keys = vector?.Size ?? 1;
            builder.AddCategoricalRanges(
                [.. Enumerable.Range(0, keys).SelectMany(i => new[] { i * count, ((i + 1) * count) - 1 })]);
        }

        builder.AddIsNormalized();
        return builder.ToAnnotations();
    }
}
