// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that computes new columns of a row from other columns of the same row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase(IHostEnvironment environment)
    {
        Environment = environment;
    }

    bool ITransformer.IsRowToRowMapper => true;

    private protected IHostEnvironment Environment { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        MakeRowMapper(Marked.NotNull(inputSchema, nameof(inputSchema))).Schema.Output;

    public IDataView Transform(IDataView input)
    {
        Marked.NotNull(input, nameof(input));
        return new RowMapperView(input, MakeRowMapper(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        new BoundRowMapper(MakeRowMapper(Marked.NotNull(inputSchema, nameof(inputSchema))));

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(Marked.NotNull(ctx, nameof(ctx)));

    private protected abstract RowMapper MakeRowMapper(DataViewSchema inputSchema);

    private protected abstract void SaveModel(ModelSaveContext ctx);
}
