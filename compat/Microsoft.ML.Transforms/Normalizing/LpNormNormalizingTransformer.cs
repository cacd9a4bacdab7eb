// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using NormFunction = Microsoft.ML.Transforms.LpNormNormalizingEstimatorBase.NormFunction;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(LpNormNormalizingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Lp norm transformer",
    LpNormNormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Divides each vector by its own norm.</summary>
public sealed class LpNormNormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "LpNormNormalizer";

    private readonly NormFunction _norm;
    private readonly bool _ensureZeroMean;

    internal LpNormNormalizingTransformer(
        IHostEnvironment environment, InputOutputColumnPair[] pairs, NormFunction norm, bool ensureZeroMean)
        : base(environment.Register("LpNormNormalizingEstimator"), pairs)
    {
        _norm = norm;
        _ensureZeroMean = ensureZeroMean;
    }

    private static VersionInfo Version => ModelParts.Version<LpNormNormalizingTransformer>("LPNORMSX", LoaderSignature);

    private protected override AddedColumn MakeColumn(int pair, DataViewSchema.Column source)
    {
        if (source.Type is not VectorDataViewType { IsKnownSize: true } type
            || type.ItemType != NumberDataViewType.Single)
            throw Marked.Mismatch(source.Name, "Expected known-size vector of Single", source.Type.ToString());

        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Keep(source, AnnotationKinds.SlotNames);
        annotations.AddIsNormalized();
        var column = new DataViewSchema.DetachedColumn(
            Pairs[pair].OutputColumnName, type, annotations.ToAnnotations());
        return new AddedColumn(column, [source.Index], row => MakeGetter(row, source.Index, type.Size));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ModelParts.WritePairs(ctx, Pairs);
        ctx.Writer.Write((byte)_norm);
        ctx.Writer.Write(_ensureZeroMean);
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        InputOutputColumnPair[] pairs = ModelParts.ReadPairs(ctx);
        NormFunction norm = ModelParts.ReadEnum<NormFunction>(ctx.Reader);
        return new LpNormNormalizingTransformer(environment, pairs, norm, ctx.Reader.ReadBoolean());
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, int source, int size)
    {
        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(row.Schema[source]);
        VBuffer<float> values = default;
        return (ref VBuffer<float> result) =>
        {
            getter(ref values);
            if (values.Length != size)
                throw Marked.WrongState();
            if (_ensureZeroMean)
                values.CopyToDense(ref result);
            else
                values.CopyTo(ref result);
            VBufferEditor<float> editor = VBufferEditor.CreateFromBuffer(ref result);
            VectorNorm.Normalize(editor.Values, size, _norm, _ensureZeroMean);
            result = editor.Commit();
        };
    }
}
