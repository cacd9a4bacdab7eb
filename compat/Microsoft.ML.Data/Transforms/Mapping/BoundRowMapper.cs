// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The public face of a row mapper that is bound to one input schema.</summary>
internal sealed class BoundRowMapper : IRowToRowMapper
{
    private readonly RowMapper _mapper;

    public BoundRowMapper(RowMapper mapper)
    {
        _mapper = mapper;
    }

    public DataViewSchema InputSchema => _mapper.Schema.Input;

    public DataViewSchema OutputSchema => _mapper.Schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] active = ColumnSet.Mark(OutputSchema, dependingColumns);
        return ColumnSet.Pick(InputSchema, _mapper.Schema.GetNeededInputs(active, _mapper.Columns));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Marked.NotNull(input, nameof(input));
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw Marked.Argument(nameof(input), "Schema of input row must be the same as the schema the mapper is bound to");

        return new MappedRow(_mapper, input, ColumnSet.Mark(OutputSchema, activeColumns));
    }
}
