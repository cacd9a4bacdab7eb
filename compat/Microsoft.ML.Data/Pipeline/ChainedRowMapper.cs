// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Row mappers applied one after the other.</summary>
internal sealed class ChainedRowMapper : IRowToRowMapper
{
    private readonly IReadOnlyList<IRowToRowMapper> _mappers;

    public ChainedRowMapper(DataViewSchema inputSchema, IReadOnlyList<IRowToRowMapper> mappers)
    {
        InputSchema = inputSchema;
        _mappers = mappers;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema => _mappers.Count == 0 ? InputSchema : _mappers[^1].OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        IEnumerable<DataViewSchema.Column>[] active = new IEnumerable<DataViewSchema.Column>[_mappers.Count];
        IEnumerable<DataViewSchema.Column> needed = activeColumns;
        for (int i = _mappers.Count - 1; i >= 0; i--)
        {
            active[i] = needed;
            needed = [.. _mappers[i].GetDependencies(needed)];
        }
        DataViewRow row = input;
        for (int i = 0; i < _mappers.Count; i++)
            row = _mappers[i].GetRow(row, active[i]);
        return row;
    }
}
