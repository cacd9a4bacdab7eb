// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(ColumnSelectingTransformer),
    null,
    typeof(SignatureLoadModel),
    "Select columns transformer",
    ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps some columns, in the order of their names, or drops some.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly string[] _names;
    private readonly bool _keeps;
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(string[] names, bool keeps, bool keepHidden)
    {
        _names = names;
        _keeps = keeps;
        _keepHidden = keepHidden;
    }

    bool ITransformer.IsRowToRowMapper => true;

    private static VersionInfo Version => ModelParts.Version<ColumnSelectingTransformer>("SELCOLSX", LoaderSignature);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Select(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input) =>
        new SelectedColumnsView(input, Select(Marked.NotNull(input, nameof(input)).Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Select(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ModelParts.Start(Marked.NotNull(ctx, nameof(ctx)), Version);
        ctx.Writer.Write(_keeps);
        ctx.Writer.Write(_keepHidden);
        ModelParts.WriteNames(ctx, _names);
    }

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        bool keeps = ctx.Reader.ReadBoolean();
        bool keepHidden = ctx.Reader.ReadBoolean();
        return new ColumnSelectingTransformer(ModelParts.ReadNames(ctx), keeps, keepHidden);
    }

    private ColumnSelection Select(DataViewSchema inputSchema)
    {
        Marked.NotNull(inputSchema, nameof(inputSchema));
        foreach (string name in _names)
        {
            if (inputSchema.GetColumnOrNull(name) is null)
                throw Marked.MissingColumn(name);
        }

        DataViewSchema.Column[] all = [.. inputSchema.Where(column => _keepHidden || !column.IsHidden)];
        IEnumerable<DataViewSchema.Column> columns = _keeps
            ? _names.Distinct().SelectMany(name => all.Where(column => column.Name == name))
            : all.Where(column => !_names.Contains(column.Name));
        return new ColumnSelection(inputSchema, [.. columns]);
    }
}
