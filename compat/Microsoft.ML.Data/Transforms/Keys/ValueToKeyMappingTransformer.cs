// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(ValueToKeyMappingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Value to key transformer",
    ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Maps values to the keys that they were given.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private readonly TermMap[] _terms;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer(
        IHostEnvironment environment, InputOutputColumnPair[] pairs, TermMap[] terms, bool asText)
        : base(environment.Register("ValueToKeyMappingEstimator"), pairs)
    {
        _terms = terms;
        _asText = asText;
    }

    private static VersionInfo Version =>
        ModelParts.Version<ValueToKeyMappingTransformer>("TERMMAPX", LoaderSignature);

    private protected override AddedColumn MakeColumn(int pair, DataViewSchema.Column source)
    {
        TermMap terms = _terms[pair];
        string name = Pairs[pair].OutputColumnName;
        if (!terms.ItemType.Equals(PrimitiveTypes.ItemTypeOf(source.Type)))
            throw Marked.Operation(
                $"Could not apply a map over type '{terms.ItemType}' to column '{name}' " +
                $"since it has type '{source.Type}'");

        var annotations = new DataViewSchema.Annotations.Builder();
        if (source.Type is VectorDataViewType)
            annotations.Keep(source, AnnotationKinds.SlotNames);
        terms.AddKeyValues(annotations, _asText);
        DataViewType type = source.Type is VectorDataViewType vector
            ? new VectorDataViewType(terms.KeyType, vector.Dimensions)
            : terms.KeyType;
        return new AddedColumn(
            new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations()),
            [source.Index],
            row => terms.MakeGetter(row, row.Schema[source.Index]));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ModelParts.WritePairs(ctx, Pairs);
        ctx.Writer.Write(_asText);
        ctx.SaveBinaryStream("Terms", writer => Array.ForEach(_terms, terms => terms.Write(writer)));
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        InputOutputColumnPair[] pairs = ModelParts.ReadPairs(ctx);
        bool asText = ctx.Reader.ReadBoolean();
        var terms = new TermMap[pairs.Length];
        if (!ctx.TryLoadBinaryStream("Terms", Read))
            throw Marked.Format("Corrupt model file");
        return new ValueToKeyMappingTransformer(environment, pairs, terms, asText);

        void Read(BinaryReader reader)
        {
            for (int i = 0; i < terms.Length; i++)
                terms[i] = TermMap.Read(reader);
        }
    }
}
