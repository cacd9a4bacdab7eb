// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>A classifier that fails when it is asked.</summary>
/// <param name="gate">What it waits for before it fails; null fails at once.</param>
internal sealed class BrokenTransformer(ManualResetEventSlim? gate = null) : ITransformer
{
    public static DataViewSchema InputSchema { get; } = Schema(("Number", NumberDataViewType.Single));

    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Schema(
        ("Number", NumberDataViewType.Single),
        (ServedModel.LabelColumnName, TextDataViewType.Instance),
        (ServedModel.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single, 2)));

    public IDataView Transform(IDataView input)
    {
        gate?.Wait();
        throw new InvalidOperationException("Of this, no client may hear a word.");
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

    public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

    private static DataViewSchema Schema(params (string Name, DataViewType Type)[] columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach ((string name, DataViewType type) in columns) builder.AddColumn(name, type);
        return builder.ToSchema();
    }
}
