// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base of transformers that make each output column from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHost host, InputOutputColumnPair[] pairs)
        : base(host) => Pairs = pairs;

    private protected InputOutputColumnPair[] Pairs { get; }

    private protected sealed override RowMapper MakeRowMapper(DataViewSchema schema)
    {
        var columns = new AddedColumn[Pairs.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            DataViewSchema.Column source = schema.GetColumnOrNull(Pairs[i].InputColumnName)
                ?? throw Marked.MissingColumn(Pairs[i].InputColumnName);
            columns[i] = MakeColumn(i, source);
        }

        return new AddedColumnsMapper(columns);
    }

    /// <summary>Makes the output column of a pair; throws where the input column cannot be mapped.</summary>
    private protected abstract AddedColumn MakeColumn(int pair, DataViewSchema.Column source);
}
