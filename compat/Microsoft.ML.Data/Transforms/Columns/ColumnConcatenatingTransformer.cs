// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(ColumnConcatenatingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Concat transformer",
    ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingTransformer(IHostEnvironment environment, string name, string[] sources)
        : base(environment.Register("ColumnConcatenatingEstimator"))
    {
        _name = name;
        _sources = sources;
    }

    private static VersionInfo Version => new(
        "CONCAT\0F",
        0x00010003,
        0x00010003,
        0x00010003,
        typeof(ColumnConcatenatingTransformer).Assembly.FullName,
        LoaderSignature,
        "ConcatFunction");

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema)
    {
        DataViewSchema.Column[] sources = Array.ConvertAll(
            _sources, name => inputSchema.GetColumnOrNull(name) ?? throw Marked.MissingColumn(name));
        DataViewType item = PrimitiveTypes.ItemTypeOf(sources[0].Type);
        foreach (DataViewSchema.Column source in sources)
        {
            if (!PrimitiveTypes.ItemTypeOf(source.Type).Equals(item))
                throw Marked.Mismatch(source.Name, item.ToString(), source.Type.ToString());
        }

        if (item is not PrimitiveDataViewType primitive)
            throw Marked.Mismatch(sources[0].Name, "a primitive type", item.ToString());
        var column = new DataViewSchema.DetachedColumn(
            _name, Concatenation.TypeOf(sources, primitive), Concatenation.AnnotationsOf(sources));
        int[] indexes = Array.ConvertAll(sources, source => source.Index);
        return new AddedColumnsMapper(new AddedColumn(column, indexes, MakeGetter));

        Delegate MakeGetter(DataViewRow row) => Generic.Call<Delegate>(
            typeof(Concatenation), nameof(Concatenation.MakeGetter), [item.RawType], row, indexes);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelParts.Start(ctx, Version);
        ctx.Writer.Write(1);
        ctx.SaveNonEmptyString(_name);
        ctx.Writer.Write(_sources.Length);
        foreach (string source in _sources)
        {
            ctx.SaveNonEmptyString(source);
            ctx.SaveStringOrNull(null);
        }
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        if (ctx.Reader.ReadInt32() != 1)
            throw Marked.Format("The model must hold one concatenation");
        string name = ctx.LoadNonEmptyString();
        var sources = new string[ModelParts.ReadCount(ctx.Reader, 1)];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = ctx.LoadNonEmptyString();
            if (ctx.LoadStringOrNull() is not null)
                throw Marked.Format("The model must hold no aliases of columns");
        }

        return new ColumnConcatenatingTransformer(environment, name, sources);
    }
}
