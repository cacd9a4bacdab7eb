// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>One column that a row mapper adds: what it is, what it reads, and how its values are made.</summary>
internal sealed class AddedColumn
{
    private readonly Func<DataViewRow, Delegate> _makeGetter;

    public AddedColumn(DataViewSchema.DetachedColumn column, int[] sources, Func<DataViewRow, Delegate> makeGetter)
    {
        Column = column;
        Sources = sources;
        _makeGetter = makeGetter;
    }

    public DataViewSchema.DetachedColumn Column { get; }

    /// <summary>Indexes, in the input schema, of the columns that the value is computed from.</summary>
    public int[] Sources { get; }

    public Delegate MakeGetter(DataViewRow input) => _makeGetter(input);
}
