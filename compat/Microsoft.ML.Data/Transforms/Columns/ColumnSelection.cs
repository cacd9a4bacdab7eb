// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Some columns of a schema, in a given order.</summary>
internal sealed class ColumnSelection : IRowToRowMapper
{
    private readonly DataViewSchema.Column[] _sources;

    public ColumnSelection(DataViewSchema inputSchema, DataViewSchema.Column[] sources)
    {
        InputSchema = inputSchema;
        _sources = sources;
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column source in sources)
            builder.AddColumn(source.Name, source.Type, source.Annotations);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema.Column SourceOf(DataViewSchema.Column output) => output.Index < _sources.Length
        ? _sources[output.Index]
        : throw Marked.Argument("column", $"Column '{output.Name}' is not in the schema of the view");

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = new ActiveColumns(OutputSchema, dependingColumns);
        return _sources.Where((_, i) => active[i]).ToArray();
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Marked.NotNull(input, nameof(input));
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw Marked.Argument(
                nameof(input), "The schema of the row must be the one that the mapper was made for");
        return new SelectedColumnsRow(this, input, new ActiveColumns(OutputSchema, activeColumns));
    }
}
