// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(ColumnCopyingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Copy columns transformer",
    ColumnCopyingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns under new names.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CopyTransform";

    internal ColumnCopyingTransformer(IHostEnvironment environment, InputOutputColumnPair[] pairs)
        : base(environment.Register("ColumnCopyingEstimator"), pairs)
    {
    }

    private static VersionInfo Version => ModelParts.Version<ColumnCopyingTransformer>("COPYCOLX", LoaderSignature);

    private protected override AddedColumn MakeColumn(int pair, DataViewSchema.Column source)
    {
        var column = new DataViewSchema.DetachedColumn(Pairs[pair].OutputColumnName, source.Type, source.Annotations);
        return new AddedColumn(column, [source.Index], MakeGetter);

        Delegate MakeGetter(DataViewRow row) => Generic.Call<Delegate>(
            typeof(ColumnCopyingTransformer), nameof(GetterOf), [source.Type.RawType], row, source.Index);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ModelParts.WritePairs(ctx, Pairs);
    }

    private static ValueGetter<TValue> GetterOf<TValue>(DataViewRow row, int source) =>
        row.GetGetter<TValue>(row.Schema[source]);

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        return new ColumnCopyingTransformer(environment, ModelParts.ReadPairs(ctx));
    }
}
