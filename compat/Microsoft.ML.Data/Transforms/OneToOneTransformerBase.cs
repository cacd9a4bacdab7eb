// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that computes each of its new columns from one other column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHostEnvironment environment, InputOutputColumnPair[] pairs)
        : base(environment)
    {
        Pairs = pairs;
    }

    private protected InputOutputColumnPair[] Pairs { get; }

    private protected sealed override RowMapper MakeRowMapper(DataViewSchema inputSchema)
    {
        var columns = new AddedColumn[Pairs.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            DataViewSchema.Column source = inputSchema.GetColumnOrNull(Pairs[i].InputColumnName)
                ?? throw Marked.MissingColumn(Pairs[i].InputColumnName);
            columns[i] = MakeColumn(i, source);
        }

        return new RowMapper(inputSchema, columns);
    }

    private protected abstract AddedColumn MakeColumn(int pair, DataViewSchema.Column source);
}
