// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Serves single rows, as prediction engines read them: a block of one.</summary>
internal sealed class BlockRowMapper(IBlockMapping mapping) : IRowToRowMapper
{
    private readonly BlockSchema _schema = new(mapping);

    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => _schema.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => _schema.InputsFor(dependingColumns, new bool[OutputSchema.Count]);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        if (!ReferenceEquals(input.Schema, InputSchema))
        {
            throw new ArgumentException(
                "The row must have the very schema that the mapper was made for. Got a row of another schema.",
                nameof(input));
        }

        var active = new bool[OutputSchema.Count];
        _schema.InputsFor(activeColumns, active);
        return new BlockRow(input, _schema, active);
    }
}
