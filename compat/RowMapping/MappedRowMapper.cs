// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.RowMapping;

/// <summary>Maps single rows, as prediction engines do.</summary>
internal sealed class MappedRowMapper(ColumnMapping mapping) : IRowToRowMapper
{
    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mapping.InputsFor(dependingColumns, new bool[OutputSchema.Count]);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw new ArgumentException("The row must have the schema that the mapper was made for.", nameof(input));
        bool[] isActive = new bool[OutputSchema.Count];
        mapping.InputsFor(activeColumns, isActive);
        return new MappedRow(input, mapping, isActive);
    }
}
