// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A row mapper whose columns are computed independently of each other.</summary>
internal sealed class AddedColumnsMapper : RowMapper
{
    private readonly AddedColumn[] _columns;

    public AddedColumnsMapper(params AddedColumn[] columns)
    {
        _columns = columns;
        OutputColumns = Array.ConvertAll(columns, column => column.Column);
    }

    public override IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    public override IEnumerable<int> GetDependencies(Func<int, bool> isOutputActive) =>
        _columns.Where((_, i) => isOutputActive(i)).SelectMany(column => column.Sources);

    public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isOutputActive)
    {
        var getters = new Delegate[_columns.Length];
        for (int i = 0; i < getters.Length; i++)
        {
            if (isOutputActive(i))
                getters[i] = _columns[i].MakeGetter(input);
        }

        return getters;
    }
}
