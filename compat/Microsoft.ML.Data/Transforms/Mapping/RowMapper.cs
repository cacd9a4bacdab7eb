// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The columns that a transformer adds to rows of one input schema.</summary>
internal class RowMapper
{
    public RowMapper(DataViewSchema inputSchema, params AddedColumn[] columns)
    {
        Columns = columns;
        Schema = new MappedSchema(inputSchema, columns.Select(column => column.Column));
    }

    public AddedColumn[] Columns { get; }

    public MappedSchema Schema { get; }

    /// <summary>Makes the getters of the active columns over one input row; null for the others.</summary>
    public virtual Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive)
    {
        var getters = new Delegate[Columns.Length];
        for (int i = 0; i < getters.Length; i++)
        {
            if (isActive(i))
                getters[i] = Columns[i].MakeGetter(input);
        }

        return getters;
    }
}
