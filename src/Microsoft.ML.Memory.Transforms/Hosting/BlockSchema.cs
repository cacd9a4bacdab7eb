// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Hosting;

/// <summary>
/// The output schema of a block mapping, and the way back from its columns to the input's or the mapping's own.
/// </summary>
internal sealed class BlockSchema
{
    public BlockSchema(IBlockMapping mapping)
    {
        Mapping = mapping;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(mapping.InputSchema);
        builder.AddColumns(mapping.Outputs);
        Schema = builder.ToSchema();
    }

    public IBlockMapping Mapping { get; }

    public DataViewSchema Schema { get; }

    private int InputCount => Mapping.InputSchema.Count;

    /// <summary>Tells whether a column is one of the mapping's own, and which.</summary>
    public bool IsOutput(int column, out int output)
    {
        output = column - InputCount;
        return output >= 0;
    }

    /// <summary>
    /// Splits the wanted columns into the input columns to pass through and whether anything is to be computed.
    /// </summary>
    /// <returns>The input columns to activate: passed through or depended upon.</returns>
    public List<DataViewSchema.Column> InputsFor(IEnumerable<DataViewSchema.Column> wanted, bool[] active)
    {
        bool computes = false;
        foreach (DataViewSchema.Column column in wanted)
        {
            if (column.Index >= active.Length) continue;
            active[column.Index] = true;
            computes |= column.Index >= InputCount;
        }

        var inputs = new List<DataViewSchema.Column>();
        foreach (DataViewSchema.Column column in Mapping.InputSchema)
        {
            if (active[column.Index] || (computes && Mapping.Dependencies.Any(needed => needed.Index == column.Index)))
                inputs.Add(column);
        }

        return inputs;
    }
}
