// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Converts between lists of columns and one flag per column of a schema.</summary>
internal static class ColumnSet
{
    public static bool[] Mark(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var marks = new bool[schema.Count];
        foreach (DataViewSchema.Column column in Marked.NotNull(columns, "columnsNeeded"))
        {
            if (column.Index >= marks.Length)
                throw Marked.Argument("columnsNeeded", $"Column '{column.Name}' is not in the schema of the view");
            marks[column.Index] = true;
        }

        return marks;
    }

    public static List<DataViewSchema.Column> Pick(DataViewSchema schema, bool[] marks) =>
        [.. schema.Where(column => marks[column.Index])];
}
