// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>
/// An input schema with added columns. An added column comes right behind the last column of its name, which it hides,
/// or else at the end.
/// </summary>
internal sealed class MappedSchema
{
    // Index of an input column, or the complement of the index of an added one.
    private readonly List<int> _origins = [];

    public MappedSchema(DataViewSchema input, IEnumerable<DataViewSchema.DetachedColumn> added)
    {
        Input = input;
        var columns = new List<DataViewSchema.DetachedColumn>();
        for (int i = 0; i < input.Count; i++)
        {
            columns.Add(new DataViewSchema.DetachedColumn(input[i]));
            _origins.Add(i);
        }

        int count = 0;
        foreach (DataViewSchema.DetachedColumn column in added)
        {
            int hidden = columns.FindLastIndex(other => other.Name == column.Name);
            int at = hidden < 0 ? columns.Count : hidden + 1;
            columns.Insert(at, column);
            _origins.Insert(at, ~count++);
        }

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns);
        Output = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    /// <summary>Tells whether an output column is an added one, and its index there or in the input.</summary>
    public bool IsAdded(int output, out int index)
    {
        int origin = _origins[output];
        index = origin < 0 ? ~origin : origin;
        return origin < 0;
    }

    /// <summary>Marks the input columns that the active output columns need.</summary>
    public bool[] GetNeededInputs(bool[] active, AddedColumn[] added)
    {
        var needed = new bool[Input.Count];
        for (int i = 0; i < active.Length; i++)
        {
            if (!active[i])
                continue;
            if (!IsAdded(i, out int index))
                needed[index] = true;
            else
                Array.ForEach(added[index].Sources, source => needed[source] = true);
        }

        return needed;
    }
}
