// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(NormalizingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Normalizing transformer",
    NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Brings the values of columns to the range that was found in the training data.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    private readonly ColumnNormalizer[] _normalizers;

    internal NormalizingTransformer(
        IHostEnvironment environment, InputOutputColumnPair[] pairs, ColumnNormalizer[] normalizers)
        : base(environment.Register("NormalizingEstimator"), pairs)
    {
        _normalizers = normalizers;
    }

    private static VersionInfo Version => ModelParts.Version<NormalizingTransformer>("NORMALZX", LoaderSignature);

    private protected override AddedColumn MakeColumn(int pair, DataViewSchema.Column source)
    {
        ColumnNormalizer normalizer = _normalizers[pair];
        DataViewType item = PrimitiveTypes.ItemTypeOf(normalizer.Type);
        if (source.Type is VectorDataViewType { IsKnownSize: false })
            throw Marked.Mismatch(
                source.Name, $"scalar or known-size vector of {item}", "variable-size vector");
        if (!source.Type.Equals(normalizer.Type))
            throw Marked.Mismatch(source.Name, normalizer.Type.ToString(), source.Type.ToString());

        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddIsNormalized();
        if (source.Type is VectorDataViewType)
            annotations.Keep(source, AnnotationKinds.SlotNames);
        var column = new DataViewSchema.DetachedColumn(
            Pairs[pair].OutputColumnName, source.Type, annotations.ToAnnotations());
        return new AddedColumn(
            column, [source.Index], row => normalizer.MakeGetter(row, row.Schema[source.Index]));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ModelParts.WritePairs(ctx, Pairs);
        Array.ForEach(_normalizers, normalizer => normalizer.Write(ctx.Writer));
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        InputOutputColumnPair[] pairs = ModelParts.ReadPairs(ctx);
        ColumnNormalizer[] normalizers = Array.ConvertAll(pairs, _ => ColumnNormalizer.Read(ctx.Reader));
        return new NormalizingTransformer(environment, pairs, normalizers);
    }
}
