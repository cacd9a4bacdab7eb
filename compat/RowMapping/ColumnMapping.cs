// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.RowMapping;

/// <summary>Columns added to those of an input schema, computed row by row.</summary>
internal abstract class ColumnMapping
{
    protected ColumnMapping(
        DataViewSchema inputSchema,
        DataViewSchema.DetachedColumn[] outputs,
        DataViewSchema.Column[] dependencies)
    {
        InputSchema = inputSchema;
        Dependencies = dependencies;
        DataViewSchema.Builder builder = new();
        builder.AddColumns(inputSchema);
        builder.AddColumns(outputs);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    private DataViewSchema.Column[] Dependencies { get; }

    /// <summary>Starts the computation of some of the added columns for the rows of an input.</summary>
    /// <param name="input">A row, or a cursor.</param>
    /// <param name="isActive">Which of the added columns will be read.</param>
    public abstract RowComputation Start(DataViewRow input, bool[] isActive);

    /// <summary>The input columns that the wanted columns need, they themselves where they are passed on.</summary>
    public DataViewSchema.Column[] InputsFor(IEnumerable<DataViewSchema.Column> wanted, bool[] isActive)
    {
        foreach (DataViewSchema.Column column in wanted)
            isActive[column.Index] = true;
        bool computes = isActive.AsSpan(InputSchema.Count).Contains(true);
        return [.. InputSchema.Where(column => isActive[column.Index] || (computes && Dependencies.Any(needed =>
            needed.Index == column.Index)))];
    }
}
