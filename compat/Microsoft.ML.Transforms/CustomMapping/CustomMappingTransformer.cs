// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Computes columns by the user's own function.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly IHost _host;
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;
    private readonly SchemaDefinition _inputDefinition;
    private readonly RowBinding _added;

    internal CustomMappingTransformer(
        IHostEnvironment environment,
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputDefinition,
        SchemaDefinition outputDefinition)
    {
        _host = environment.Register("CustomMappingTransformer");
        _mapAction = Marked.NotNull(mapAction, nameof(mapAction));
        _contractName = contractName;
        _inputDefinition = inputDefinition
            ?? SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Write);
        _added = RowBinding.ForReading(typeof(TDst), outputDefinition);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal IReadOnlyList<SchemaDefinition.Column> InputColumns => _inputDefinition;

    internal DataViewSchema AddedSchema => _added.Schema;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(_host, inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        Marked.NotNull(input, nameof(input));
        IHost host = _host.Register("RowToRowMapperTransform", seed: 0);
        return new MappedView(host, input, Bind(host, input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(_host, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (_contractName is null)
            throw Marked.Operation("Empty contract name for a transform: the transform cannot be saved");
        ModelParts.Start(Marked.NotNull(ctx, nameof(ctx)), CustomMappingLoader.Version);
        ctx.SaveString(_contractName);
        ctx.SaveString(_mapAction.Method.Module.Assembly.GetName().Name);
    }

    private RowMapperBinding Bind(IHost host, DataViewSchema inputSchema)
    {
        Marked.NotNull(inputSchema, nameof(inputSchema));
        var writer = new RowWriter<TSrc>(_host, inputSchema, ignoreMissingColumns: false, _inputDefinition);
        return new RowMapperBinding(host, inputSchema, new CustomRowMapper<TSrc, TDst>(_mapAction, writer, _added));
    }
}
